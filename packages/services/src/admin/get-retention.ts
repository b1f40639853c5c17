import { findRetention, readHorizons } from '@tidemark/database';
import { type Retention, toInstant } from '@tidemark/schemas';
import { assertScope, type TenantContext } from '../context.ts';
import { withReadFaults } from '../with-read-faults.ts';

/** What the tenant keeps for how long, and from when on it has what. */
export async function getRetention(ctx: TenantContext): Promise<Retention> {
  assertScope(ctx, 'admin:write');
  const { database, lookUp, reads } = ctx.resources;
  const { id } = ctx.tenant;
  const [setting, { rawFrom, rollupsFrom }] = await withReadFaults(() =>
    Promise.all([lookUp(() => findRetention(database.directory, id)), reads.peek(id, readHorizons)]),
  );
  const { rawDays = null, rollupDays = null, isTrimming = false } = setting ?? {};
  return {
    rawDays,
    rollupDays,
    rawFrom: rawFrom === null ? null : toInstant(rawFrom),
    rollupsFrom: rollupsFrom === null ? null : toInstant(rollupsFrom),
    isTrimming,
  };
}
