import { createTenantHeads, insertTenantRow, withTenant } from '@tidemark/database';
import type { CreateTenantInput, Tenant } from '@tidemark/schemas';
import { toSetMinutes } from '../calendar/set-minutes.ts';
import { type ActorContext, assertScope } from '../context.ts';
import { makeUuidV7 } from '../events/uuid-v7.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { withReadFaults } from '../with-read-faults.ts';
import { toTenant } from './to-tenant.ts';

/** Makes a tenant with all that its first event needs, or nothing. */
export async function createTenant(ctx: ActorContext, { slug, name, timeZone }: CreateTenantInput): Promise<Tenant> {
  assertScope(ctx, 'platform');
  const { database, clock, bus } = ctx.resources;
  const now = clock();
  const tenant = { id: makeUuidV7(now), slug, name, timeZone, createdAt: now };
  const isMade = await withReadFaults(() =>
    withTenant(database.ingest, tenant.id, 'write', async (transaction) => {
      await createTenantHeads(transaction, { timeZone, setMinutes: toSetMinutes(timeZone, now) }, now);
      // The slug is checked last: throwing rolls the heads back with it.
      if (!(await insertTenantRow(transaction.db, tenant))) throw slugTaken(slug);
      return true;
    }),
  );
  if (isMade) bus.announce({ about: 'tenant', id: tenant.id });
  return toTenant(tenant);
}

function slugTaken(slug: string): TidemarkError {
  return new TidemarkError('conflict', `There is a tenant with the slug ${slug} already: choose another.`, {
    field: 'slug',
    slug,
  });
}
