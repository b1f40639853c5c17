import {
  type Breakdown,
  type BreakdownBy,
  breakdownInputSchema,
  type EventInput,
  summaryInputSchema,
} from '@tidemark/schemas';
import { ingestEvents, queryBreakdown, querySummary, type TenantContext } from '@tidemark/services';
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

const DIMENSIONS: readonly BreakdownBy[] = ['type', 'device', 'user', 'property:plan', 'property:cart.total'];

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
      async (events, by, limit, isFolded) => {
        const ctx = await services.tenantContext({ timeZone: 'Asia/Kolkata' });
        await ingest(ctx, events);
        const tenant = await services.resources.tenants.findTenant(ctx.tenant.id);
        if (isFolded && tenant !== undefined) await foldTenant(services.resources, tenant);
        const types = limit > 3 ? ['view', 'buy'] : undefined;
        const answer = await queryBreakdown(
          ctx,
          breakdownInputSchema.parse({ ...RANGE, by, limit, ...(types && { types }) }),
        );
        const asked = { tenantId: ctx.tenant.id, ...RANGE, by, limit, ...(types && { types }) };
        expect(byKey(answer)).toEqual(byKey(await oracle.breakDown(asked)));
        expect(answer.rows.map((row) => row.events)).toEqual(
          answer.rows.map((row) => row.events).sort((a, b) => b - a),
        );
      },
    ),
    { numRuns: 150 },
  );
});

test('whatever a property is, its row is what asking for it as a filter counts', async () => {
  const ctx = await services.tenantContext();
  const long = 'x'.repeat(16_000);
  const values = ['', ' ', long, `${long}y`, 'pro', true, 0, -1.5, null];
  await ingest(
    ctx,
    values.flatMap((value, index) =>
      Array.from({ length: index + 1 }, () => ({
        type: 'view',
        occurredAt: `${DAY}T01:00:00Z`,
        properties: { value },
      })),
    ),
  );
  const { rows } = await queryBreakdown(ctx, breakdownInputSchema.parse({ ...RANGE, by: 'property:value' }));
  expect(rows).toHaveLength(values.length);
  for (const [index, value] of values.entries()) {
    const properties = [{ path: 'value', in: [value] }];
    const { totals } = await querySummary(ctx, summaryInputSchema.parse({ ...RANGE, properties }));
    const key = value === null || typeof value === 'string' ? value : JSON.stringify(value);
    expect([totals.events, rows.find((row) => row.key === key)?.events]).toEqual([index + 1, index + 1]);
  }
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
