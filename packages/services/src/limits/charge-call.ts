import type { LimitClass } from '@tidemark/schemas';
import { type ActorContext, type RawContext, type TenantContext, type TenantRef, tenantContext } from '../context.ts';
import { withReadFaults } from '../with-read-faults.ts';

/** What of a context says who pays; the tenant of a caller who has one is found where the context does not name it. */
type Payable = Pick<ActorContext, 'resources' | 'actor' | 'bill'> & Partial<Pick<TenantContext, 'tenant'>>;

/** Charges a call before its verb begins; a stream is one call. Throws `rate_limited`. */
export async function chargeCall(ctx: Payable, limitClass: LimitClass): Promise<void> {
  const prepaid = ctx.bill?.takePrepaid(limitClass);
  if (prepaid !== undefined) return prepaid();
  const { limits, metrics } = ctx.resources;
  const payer = { actor: ctx.actor, tenant: ctx.tenant ?? (await findOwn(ctx)) };
  try {
    await limits.charge(payer, limitClass, (item) => ctx.bill?.add(item));
    metrics.limited(limitClass, 'admitted');
  } catch (error) {
    metrics.limited(limitClass, 'refused');
    throw error;
  }
}

/** Remembered for a second: whose budgets are its own pays by them whatever it calls. */
async function findOwn({ actor, resources }: Payable): Promise<TenantRef | undefined> {
  const { tenantId } = actor;
  return tenantId === null ? undefined : await withReadFaults(() => resources.tenants.findTenant(tenantId));
}

/**
 * Charges the calls of a request before any of them begins, where the answer's headers go out before the calls do.
 * What comes of it, a refusal too, each call finds for itself.
 */
export async function prepayCalls(raw: RawContext, classes: readonly LimitClass[]): Promise<void> {
  const { bill } = raw;
  if (bill === undefined) return;
  // Whoever cannot be told is refused by the calls, which say why.
  const ctx = await tenantContext(raw).catch(() => undefined);
  if (ctx === undefined) return;
  const charged = await Promise.allSettled(classes.map((limitClass) => chargeCall(ctx, limitClass)));
  for (const [place, outcome] of charged.entries()) {
    const limitClass = classes[place];
    if (limitClass === undefined) continue;
    bill.prepay(limitClass, () => {
      if (outcome.status === 'rejected') throw outcome.reason;
    });
  }
}
