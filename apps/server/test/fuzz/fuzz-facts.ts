import type { EventInput } from '@tidemark/schemas';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const DEVICES = ['desktop', 'mobile', 'tablet', undefined] as const;

/** Names that queries are asked with as well. */
export const FACT_TYPES = ['view', 'buy', "it's", '__proto__', '50%_off', 'ünï 🚀'] as const;
export const FACT_USERS = ['ada', "o'brien; --", 'constructor', 'bo', '0'] as const;
export const FACT_PLANS = ['free', 'pro', '', 'null', 3, true, null] as const;

/** A midnight of UTC a good year ago: far enough for months, and inside of what ingest takes. */
export const FACTS_FROM = Math.floor(Date.now() / DAY_MS) * DAY_MS - 400 * DAY_MS;
export const FACTS_DAYS = 399;

const COUNT = 240;

/** Events of a year, thick at its end; the same ids at every call, so that they can be asked for by name. */
export const FACTS: readonly (EventInput & { id: string; occurredAt: string })[] = Array.from(
  { length: COUNT },
  (_, index) => {
    // The square root draws them towards the end, and 7 minutes times a prime spreads them over the hours.
    const day = Math.floor(Math.sqrt(index / COUNT) * FACTS_DAYS);
    const occurredAt = new Date(
      FACTS_FROM + day * DAY_MS + ((index * 7 * 37) % 1_440) * MINUTE_MS + index,
    ).toISOString();
    const device = DEVICES[index % DEVICES.length];
    const plan = FACT_PLANS[index % FACT_PLANS.length] ?? null;
    return {
      id: `0000${index.toString(16).padStart(4, '0')}-fac7-4000-8000-000000000000`,
      type: FACT_TYPES[(index * index) % FACT_TYPES.length] ?? 'view',
      occurredAt,
      ...(index % 5 === 0 ? {} : { userId: FACT_USERS[index % FACT_USERS.length] ?? 'ada' }),
      ...(device !== undefined && { device }),
      ...(index % 3 === 0 && { sessionId: `s-${index % 11}` }),
      properties: { ...(index % 4 > 0 && { plan }), cart: { total: index % 6, lines: [{ sku: `k${index % 3}` }] } },
    };
  },
);
