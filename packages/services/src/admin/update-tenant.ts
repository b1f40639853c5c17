import {
  appendCommit,
  awaitFold,
  changeCalendar,
  encodeKeys,
  lockHead,
  type TenantRow,
  type TenantTransaction,
  updateTenantRow,
} from '@tidemark/database';
import type { Tenant, UpdateTenantInput } from '@tidemark/schemas';
import { changeAudited } from '../audit/change-audited.ts';
import { toZoneName } from '../calendar/to-zone-name.ts';
import { type ActorContext, assertScope } from '../context.ts';
import { type Announced, announceCommit } from '../events/announce-commit.ts';
import type { Resources } from '../resources.ts';
import { moveCalendar } from '../rollups/move-calendar.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { toTenant } from './to-tenant.ts';

/**
 * Changes a tenant's name or zone. From the moment it answers, days are the new zone's; its rollups follow in the
 * background, and until they have, answers are computed from finer ones: slower, never wrong.
 */
export async function updateTenant(ctx: ActorContext, input: UpdateTenantInput): Promise<Tenant> {
  assertScope(ctx, 'admin:write');
  const { resources } = ctx;
  const id = toTenantId(ctx, input.id);
  const changes = { name: input.name, timeZone: input.timeZone && toZoneName(input.timeZone) };
  const { row, announced } = await changeAudited(ctx, id, async (transaction) => {
    const result = await storeChanges(resources, transaction, changes);
    return { result, note: result.row && { action: 'tenants.update', target: id, evidence: changes } };
  });
  if (row === undefined) {
    throw new TidemarkError('not_found', `There is no tenant ${id}; admin.tenants.list names them.`, { tenantId: id });
  }
  resources.bus.announce({ about: 'tenant', id });
  if (announced !== undefined) await announceCommit(resources, id, announced, [ctx.actor.keyId]);
  return toTenant(row);
}

type Changed = { readonly row: TenantRow | undefined; readonly announced?: Announced };

async function storeChanges(
  { clock }: Resources,
  transaction: TenantTransaction,
  { name, timeZone }: Pick<UpdateTenantInput, 'name' | 'timeZone'>,
): Promise<Changed> {
  const { db, tenantId } = transaction;
  if (timeZone === undefined) return { row: await updateTenantRow(db, tenantId, { name }) };
  // A fold takes longer than a commit: waiting for it first keeps ingest going.
  await awaitFold(transaction);
  const row = await updateTenantRow(db, tenantId, { name, timeZone });
  if (row === undefined) return { row };
  const head = await lockHead(transaction);
  if (head.calendar.timeZone === timeZone) return { row };
  await updateTenantRow(db, tenantId, { isRebuilding: true });
  await changeCalendar(transaction, moveCalendar(head.calendar, timeZone, clock()));
  const announced = { seq: head.seq, days: [] };
  await appendCommit(transaction, { ...announced, committedAt: clock(), keys: encodeKeys([]) });
  return { row, announced };
}

function toTenantId({ actor, namedTenant }: ActorContext, id: string | undefined): string {
  if (actor.tenantId !== null) {
    if (id === undefined || id === actor.tenantId) return actor.tenantId;
    throw new TidemarkError('forbidden', 'This key belongs to another tenant: leave id out.', { field: 'id' });
  }
  const found = id ?? namedTenant;
  if (found !== undefined) return found;
  throw new TidemarkError(
    'tenant_required',
    'A platform key acts for no tenant by itself: give its id, or name it with the header "x-tenant-id: <tenant id>".',
    { field: 'id', header: 'x-tenant-id' },
  );
}
