import type { Charge, Count, LimitState, LimitStore } from '@tidemark/redis';
import { LIMIT_CLASSES, type LimitClass, type Limits } from '@tidemark/schemas';
import type { Actor } from '../auth/actor.ts';
import type { TenantRef } from '../context.ts';
import { TidemarkError } from '../tidemark-error.ts';
import type { BillItem } from './bill.ts';
import { type LimitRule, type LimitRules, TENANT_KEYS } from './limit-rules.ts';

/** Who is charged. Platform actors are not: whoever runs the servers can raise any limit, and is needed when all is full. */
export type Payer = { readonly actor: Actor; readonly tenant?: TenantRef | undefined };

export type LimiterOptions = { readonly store: LimitStore; readonly rules: LimitRules };

type Budget = Charge & { readonly of: BillItem['of'] };

/**
 * Charges calls to the budgets of their class: that of the key, or of the session signed in with it, and the one that
 * all keys of its tenant have together. Refuses what finds either used up.
 */
export class Limiter {
  readonly #store: LimitStore;
  readonly #rules: LimitRules;

  constructor({ store, rules }: LimiterOptions) {
    this.#store = store;
    this.#rules = rules;
  }

  /** Who counts now. */
  get state(): LimitState {
    return this.#store.state;
  }

  /** Charges a call, and hands what it found to `onCharged`. Throws `rate_limited` where a budget is used up. */
  async charge(payer: Payer, limitClass: LimitClass, onCharged: (item: BillItem) => void): Promise<void> {
    const budgets = this.#budgetsOf(payer, limitClass);
    if (budgets.length === 0) return;
    const { isAdmitted, counts } = await this.#store.charge(budgets);
    const items = budgets.flatMap((budget, place) => toItem(limitClass, budget, counts[place]));
    const [nearest] = items.toSorted((one, other) => one.remaining - other.remaining || other.resetMs - one.resetMs);
    if (nearest === undefined) return;
    onCharged(nearest);
    if (!isAdmitted) throw toRefusal(nearest);
  }

  /** How far the budgets of a tenant, and of whoever asks, are used. */
  async read(payer: Payer & { readonly tenant: TenantRef }): Promise<Limits> {
    const classes = await Promise.all(
      LIMIT_CLASSES.map(async (limitClass) => {
        const rule = this.#ruleOf(payer.tenant, limitClass);
        const key = payer.actor.tenantId === null ? undefined : toKeyBudget(payer.actor, limitClass, rule);
        const tenant = toTenantBudget(payer.tenant.id, limitClass, rule);
        const budgets = key === undefined ? [tenant] : [tenant, key];
        const [ofTenant, ofKey] = await this.#store.read(budgets);
        const limit = {
          windowMs: rule.windowMs,
          isOverridden: payer.tenant.limits?.[limitClass] !== undefined,
          key: key === undefined ? null : { budget: key.budget, ...toUsed(ofKey) },
          tenant: { budget: tenant.budget, ...toUsed(ofTenant) },
        };
        return [limitClass, limit] as const;
      }),
    );
    return { state: this.state, classes: Object.fromEntries(classes) as Limits['classes'] };
  }

  /** Refuses an address that has tried too many keys, as far as this server knows of it. */
  assertAttempts(address: string): void {
    const found = this.#store.findUsedUp(this.#toAttempt(address));
    if (found !== undefined) throw tooManyAttempts(found);
  }

  /** Charges an address that tried a key which is none. */
  async chargeAttempt(address: string): Promise<void> {
    const charge = this.#toAttempt(address);
    const { isAdmitted, counts } = await this.#store.charge([charge]);
    if (!isAdmitted) throw tooManyAttempts(counts[0]);
  }

  #budgetsOf({ actor, tenant }: Payer, limitClass: LimitClass): Budget[] {
    if (actor.tenantId === null) return [];
    const rule = this.#ruleOf(tenant, limitClass);
    return [toKeyBudget(actor, limitClass, rule), toTenantBudget(actor.tenantId, limitClass, rule)];
  }

  #ruleOf(tenant: TenantRef | undefined, limitClass: LimitClass): LimitRule {
    const rule = this.#rules[limitClass];
    const budget = tenant?.limits?.[limitClass];
    return budget === undefined ? rule : { ...rule, budget };
  }

  #toAttempt(address: string): Charge {
    return { owner: address, name: 'attempts', ...this.#rules.attempts };
  }
}

function toKeyBudget({ tenantId, keyId, sessionId }: Actor, limitClass: LimitClass, rule: LimitRule): Budget {
  return { of: 'key', owner: tenantId ?? keyId, name: `${limitClass}:${sessionId ?? keyId}`, ...rule };
}

function toTenantBudget(tenantId: string, limitClass: LimitClass, { budget, windowMs }: LimitRule): Budget {
  return { of: 'tenant', owner: tenantId, name: limitClass, budget: budget * TENANT_KEYS, windowMs };
}

function toItem(limitClass: LimitClass, { of, budget, windowMs }: Budget, count: Count | undefined): BillItem[] {
  if (count === undefined) return [];
  return [{ limitClass, of, budget, windowMs, remaining: Math.max(0, budget - count.used), resetMs: count.resetMs }];
}

function toUsed(count: Count | undefined): { used: number; resetMs: number } {
  return { used: count?.used ?? 0, resetMs: Math.ceil(count?.resetMs ?? 0) };
}

function toRefusal({ limitClass, of, budget, windowMs, resetMs }: BillItem): TidemarkError {
  const whose = of === 'key' ? 'This key has' : 'The keys of this tenant have together';
  const reason =
    `${whose} made the ${budget} calls of ${limitClass} that fit ${windowMs / 1_000} s: ` +
    `wait ${Math.ceil(resetMs / 1_000)} s, or have the limit raised.`;
  const retryAfterMs = toRetryAfterMs(resetMs);
  return new TidemarkError('rate_limited', reason, { class: limitClass, of, limit: budget, windowMs, retryAfterMs });
}

function tooManyAttempts(count: Count | undefined): TidemarkError {
  const retryAfterMs = toRetryAfterMs(count?.resetMs ?? 0);
  const reason = `This address has tried too many keys that are none: wait ${Math.ceil(retryAfterMs / 1_000)} s.`;
  return new TidemarkError('rate_limited', reason, { class: 'attempts', retryAfterMs });
}

/** A window that ends within this very millisecond is worth waiting for as well. */
function toRetryAfterMs(resetMs: number): number {
  return Math.max(1, Math.ceil(resetMs));
}
