import { type SummaryInput, summaryInputSchema } from '@tidemark/schemas';
import { ingestEvents, querySummary, type TenantContext } from '@tidemark/services';
import { type ServicesResource, servicesResource } from '@tidemark/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

let services: ServicesResource;
beforeAll(async () => {
  services = await servicesResource();
});
afterAll(() => services[Symbol.asyncDispose]());

const query = (ctx: TenantContext, input: SummaryInput) => querySummary(ctx, summaryInputSchema.parse(input));

async function ingestOn(ctx: TenantContext, day: string, types: string[]) {
  const events = types.map((type) => ({ type, occurredAt: `${day}T10:00:00.000Z`, userId: type }));
  const { receipts } = await ingestEvents(ctx, { events });
  expect(receipts.map(({ status }) => status)).toEqual(types.map(() => 'accepted'));
}

const DAY = { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z', interval: 'day' as const };

test('the range before is grouped like the current one, within the same limit', async () => {
  const ctx = await services.tenantContext();
  await ingestOn(ctx, '2026-11-20', ['now']);
  await ingestOn(ctx, '2026-11-19', ['one', 'one', 'two', 'three', 'now']);
  const ask = (groupLimit: number) => query(ctx, { ...DAY, groupBy: 'type', groupLimit, compare: 'previous' });

  const narrow = await ask(1);
  expect(narrow.totals.groups).toEqual([{ key: 'now', events: 1, users: 1 }]);
  expect(narrow.previous?.totals.groups).toEqual([
    { key: 'now', events: 1, users: 1 },
    { key: 'other', events: 4, users: 3, isOther: true },
  ]);
  const wider = await ask(2);
  expect(wider.previous?.totals.groups?.map(({ key }) => key)).toEqual(['one', 'now', 'other']);
  const wide = await ask(4);
  expect(wide.previous?.totals.groups?.map(({ key }) => key).sort()).toEqual(['now', 'one', 'three', 'two']);
});

test.each([
  ['rollup', { ...DAY }],
  ['mixed', { ...DAY, to: '2026-11-20T20:07:30Z' }],
  ['raw', { from: '2026-10-01T09:59:30Z', to: '2026-10-01T10:00:30Z', interval: 'minute' as const }],
  ['raw', { ...DAY, userId: 'ada' }],
  ['raw', { ...DAY, properties: [{ path: 'plan', in: ['pro'] }] }],
  ['rollup', { ...DAY, properties: [] }],
])('an answer says that it came from %s', async (source, input) => {
  const ctx = await services.tenantContext();
  services.setNow(Date.parse('2026-11-22T10:00:00Z'));
  expect((await query(ctx, input)).meta.source).toBe(source);
});
