import { createTenantHeads, insertTenantRow } from '@tidemark/database';
import type { CreateTenantInput, Tenant } from '@tidemark/schemas';
import { changeAudited } from '../audit/change-audited.ts';
import { toSetMinutes } from '../calendar/set-minutes.ts';
import { toZoneName } from '../calendar/to-zone-name.ts';
import { type ActorContext, assertScope } from '../context.ts';
import { makeUuidV7 } from '../events/uuid-v7.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { toTenant } from './to-tenant.ts';

/** The lab's own tenant, whose limits it raises and whom it fills with its events. */
export const LAB_SLUG = 'tidemark-lab';

export async function createTenant(ctx: ActorContext, input: CreateTenantInput): Promise<Tenant> {
  assertScope(ctx, 'platform');
  if (input.slug === LAB_SLUG) throw slugTaken(LAB_SLUG);
  return await makeTenant(ctx, input);
}

/** Makes a tenant with all that its first event needs, or nothing. */
export async function makeTenant(ctx: ActorContext, input: CreateTenantInput): Promise<Tenant> {
  const { clock, bus } = ctx.resources;
  const now = clock();
  const { slug } = input;
  const timeZone = toZoneName(input.timeZone);
  const tenant = { id: makeUuidV7(now), ...input, timeZone, createdAt: now };
  await changeAudited(ctx, tenant.id, async (transaction) => {
    await createTenantHeads(transaction, { timeZone, setMinutes: toSetMinutes(timeZone, now) }, now);
    // The slug is checked last: throwing rolls the heads back with it.
    if (!(await insertTenantRow(transaction.db, tenant))) throw slugTaken(slug);
    return { result: tenant, note: { action: 'tenants.create', target: tenant.id, evidence: { ...input, timeZone } } };
  });
  bus.announce({ about: 'tenant', id: tenant.id });
  return toTenant(tenant);
}

function slugTaken(slug: string): TidemarkError {
  return new TidemarkError('conflict', `There is a tenant with the slug ${slug} already: choose another.`, {
    field: 'slug',
    slug,
  });
}
