import { type Breakdown, type BreakdownBy, breakdownInputSchema, type EventInput } from '@tidemark/schemas';
import { ingestEvents, queryBreakdown, type TenantContext } from '@tidemark/services';
import { Oracle, type ServicesResource, servicesResource } from '@tidemark/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { foldTenant } from '../src/rollups/fold-tenant.ts';

const DAY = '2026-11-20';
const RANGE = { from: `${DAY}T00:00:00Z`, to: `${DAY}T12:07:30Z` };

let services: ServicesResource;
let oracle: Oracle;
beforeAll(async () => {
  services = await servicesResource();
  oracle = await Oracle.open(services.url);
});
afterAll(async () => {
  await oracle[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

/** Brute force: one statement over the raw rows; `key` is the dimension as PostgreSQL reads it. */
async function bruteForce(tenantId: string, key: string, limit: number, types: string[] | undefined) {
  const rows = await oracle.ask(
    `WITH chosen AS (
       SELECT ${key} AS key, user_id FROM events
       WHERE tenant_id = $1 AND occurred_at >= $2 AND occurred_at < $3 AND ($5::text[] IS NULL OR type = ANY($5))
     ), ranked AS (
       SELECT key, row_number() OVER (ORDER BY count(*) DESC, coalesce(key, '') COLLATE "C") > $4 AS is_other
       FROM chosen GROUP BY key
     )
     SELECT CASE WHEN is_other THEN NULL ELSE ranked.key END AS key, is_other, count(DISTINCT ranked.*) AS keys,
       count(*) AS events, count(DISTINCT user_id) AS users, (SELECT count(*) FROM chosen) AS total
     FROM chosen JOIN ranked ON ranked.key IS NOT DISTINCT FROM chosen.key GROUP BY 1, 2`,
    [tenantId, RANGE.from, RANGE.to, limit, types ?? null],
  );
  const toCounts = (row: Record<string, string | null>) => ({ events: Number(row.events), users: Number(row.users) });
  const other = rows.find(({ is_other }) => is_other === 't');
  return {
    rows: rows
      .filter(({ is_other }) => is_other === 'f')
      .map((row) => ({ key: row.key ?? null, ...toCounts(row), share: Number(row.events) / Number(row.total) })),
    other: other === undefined ? { events: 0, users: 0, keys: 0 } : { ...toCounts(other), keys: Number(other.keys) },
  };
}

const DIMENSIONS: readonly (readonly [BreakdownBy, string])[] = [
  ['type', 'type'],
  ['device', `(ARRAY['desktop', 'mobile', 'tablet', 'server', 'other'])[device]`],
  ['user', 'user_id'],
  ['property:plan', `properties ->> 'plan'`],
  ['property:cart.total', `properties -> 'cart' ->> 'total'`],
];

const eventArbitrary: fc.Arbitrary<EventInput> = fc
  .record({
    type: fc.constantFrom('view', 'click', 'buy', 'leave'),
    minutes: fc.integer({ min: 0, max: 800 }),
    userId: fc.option(fc.constantFrom('ada', 'bo', 'cy', 'dee', ''), { nil: undefined }),
    device: fc.option(fc.constantFrom('desktop', 'mobile' as const), { nil: undefined }),
    plan: fc.option(fc.constantFrom('free', 'pro', '', 'null', true, null), { nil: undefined }),
    total: fc.option(fc.constantFrom(1, 2.5, '1'), { nil: undefined }),
  })
  .map(({ minutes, userId, device, plan, total, type }) => ({
    type,
    occurredAt: new Date(Date.parse(RANGE.from) + minutes * 60_000).toISOString(),
    ...(userId !== undefined && userId !== '' && { userId }),
    ...(device !== undefined && { device }),
    properties: { ...(plan !== undefined && { plan }), ...(total !== undefined && { cart: { total } }) },
  }));

async function ingest(ctx: TenantContext, events: EventInput[]) {
  const { receipts } = await ingestEvents(ctx, { events });
  expect(receipts.filter(({ status }) => status !== 'accepted')).toEqual([]);
}

const byKey = ({ rows, other }: Pick<Breakdown, 'rows' | 'other'>) => ({
  rows: [...rows].sort((one, two) => (JSON.stringify(one) < JSON.stringify(two) ? -1 : 1)),
  other,
});

test('a breakdown by anything equals brute force, folded or not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(eventArbitrary, { minLength: 1, maxLength: 40 }),
      fc.constantFrom(...DIMENSIONS),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      async (events, [by, key], limit, isFolded) => {
        const ctx = await services.tenantContext({ timeZone: 'Asia/Kolkata' });
        await ingest(ctx, events);
        const tenant = await services.resources.tenants.findTenant(ctx.tenant.id);
        if (isFolded && tenant !== undefined) await foldTenant(services.resources, tenant);
        const types = limit > 3 ? ['view', 'buy'] : undefined;
        const answer = await queryBreakdown(
          ctx,
          breakdownInputSchema.parse({ ...RANGE, by, limit, ...(types && { types }) }),
        );
        expect(byKey(answer)).toEqual(byKey(await bruteForce(ctx.tenant.id, key, limit, types)));
        expect(answer.rows.map((row) => row.events)).toEqual(
          answer.rows.map((row) => row.events).sort((a, b) => b - a),
        );
      },
    ),
    { numRuns: 150 },
  );
});

test('an empty range has no rows, and says where that came from', async () => {
  const ctx = await services.tenantContext();
  const answer = await queryBreakdown(ctx, breakdownInputSchema.parse({ ...RANGE, by: 'property:plan' }));
  expect(answer).toMatchObject({
    rows: [],
    other: { events: 0, users: 0, keys: 0 },
    meta: { source: 'raw', exact: true },
  });
});

test.each(['', 'property:', 'browser', 'property'])('by %j is refused', (by) => {
  expect(breakdownInputSchema.safeParse({ last: '7d', by }).success).toBe(false);
});
