import type { EventInput, ListEventsInput, ListEventsQuery } from '@tidemark/schemas';
import { listEventsInputSchema } from '@tidemark/schemas';
import { getEvent, ingestEvents, listEvents, type TenantContext } from '@tidemark/services';
import { type ServicesResource, servicesResource } from '@tidemark/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let services: ServicesResource;
beforeAll(async () => {
  services = await servicesResource();
});
afterAll(() => services[Symbol.asyncDispose]());

const parse = (input: ListEventsInput): ListEventsQuery => listEventsInputSchema.parse(input);
const list = (ctx: TenantContext, input: ListEventsInput) => listEvents(ctx, parse(input));

async function ingest(ctx: TenantContext, events: EventInput[]) {
  const { receipts } = await ingestEvents(ctx, { events });
  expect(receipts.filter(({ status }) => status !== 'accepted')).toEqual([]);
  return receipts;
}

test('pages of either order hold every event once, whatever arrives between them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('asc', 'desc' as const),
      fc.integer({ min: 1, max: 7 }),
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 25 }),
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 10 }),
      async (order, limit, before, during) => {
        const ctx = await services.tenantContext();
        // Few distinct times, so that many events share one and the id decides.
        const toEvent = (second: number, type: string) => ({ type, occurredAt: `2026-11-20T10:00:0${second}.000Z` });
        const first = await ingest(
          ctx,
          before.map((second) => toEvent(second, 'before')),
        );
        const arriving = [...during];
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page = await list(ctx, { order, limit, cursor });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items.map(({ id, occurredAt }) => `${occurredAt} ${id}`));
          cursor = page.nextCursor;
          const next = arriving.pop();
          if (next !== undefined) await ingest(ctx, [toEvent(next, 'during')]);
        } while (cursor !== null);

        expect(new Set(seen).size).toBe(seen.length);
        const inOrder = [...seen].sort((one, other) => (one < other ? -1 : 1) * (order === 'asc' ? 1 : -1));
        expect(seen).toEqual(inOrder);
        for (const { id, occurredAt } of first) expect(seen).toContain(`${occurredAt} ${id}`);
      },
    ),
    { numRuns: 40 },
  );
});

test('a page of large events is shorter than asked for, and the next one goes on behind it', async () => {
  const ctx = await services.tenantContext();
  const text = 'x'.repeat(16_000);
  const occurredAt = (place: number) => new Date(Date.UTC(2026, 10, 20) + place).toISOString();
  const events = Array.from({ length: 300 }, (_, place) => ({
    type: 'large',
    occurredAt: occurredAt(place),
    properties: { text },
  }));
  for (let from = 0; from < events.length; from += 100) await ingest(ctx, events.slice(from, from + 100));
  const sizes: number[] = [];
  const seen: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { items, nextCursor } = await list(ctx, { order: 'asc', limit: 500, cursor });
    sizes.push(items.length);
    seen.push(...items.map((item) => item.occurredAt));
    cursor = nextCursor;
  }
  expect(seen).toEqual(events.map((event) => event.occurredAt));
  expect(Math.max(...sizes)).toBeLessThan((2 * 1024 * 1024) / text.length);
  expect(Math.max(...sizes)).toBeGreaterThan(100);
});

describe('filters', () => {
  let ctx: TenantContext;
  beforeAll(async () => {
    ctx = await services.tenantContext();
    await ingest(ctx, [
      { type: 'view', userId: 'ada', device: 'mobile', properties: { path: '/a', cart: { currency: 'EUR' } } },
      { type: 'view', userId: 'bo', properties: { path: '/50%_off', cart: { currency: 'USD' } } },
      { type: 'buy', userId: 'ada', device: 'desktop', sessionId: 's-1', properties: { total: 12.5 } },
    ]);
  });
  const types = async (input: ListEventsInput) => {
    const { items } = await list(ctx, input);
    return items.map(({ type, userId }) => `${type} of ${userId}`).sort();
  };

  test.each<[string, ListEventsInput, string[]]>([
    ['types', { types: ['buy'] }, ['buy of ada']],
    ['devices', { devices: ['mobile', 'desktop'] }, ['buy of ada', 'view of ada']],
    ['a missing device', { devices: [null] }, ['view of bo']],
    ['a user', { userId: 'ada' }, ['buy of ada', 'view of ada']],
    ['a property', { properties: [{ path: 'path', in: ['/a'] }] }, ['view of ada']],
    ['a nested property', { properties: [{ path: 'cart.currency', in: ['USD', 'GBP'] }] }, ['view of bo']],
    ['a number', { properties: [{ path: 'total', in: [12.5] }] }, ['buy of ada']],
    ['a missing property', { properties: [{ path: 'cart.currency', in: [null] }] }, ['buy of ada']],
    ['text in the properties', { search: 'eur' }, ['view of ada']],
    ['text that looks like a pattern', { search: '%_OFF' }, ['view of bo']],
    ['text in the session', { search: 's-1' }, ['buy of ada']],
    ['all together', { types: ['view'], userId: 'ada', search: 'eur' }, ['view of ada']],
    ['nothing that is there', { types: ['none'] }, []],
  ])('by %s', async (_name, input, expected) => {
    expect(await types(input)).toEqual(expected);
  });

  test('a range is half-open', async () => {
    const own = await services.tenantContext();
    await ingest(own, [
      { type: 'a', occurredAt: '2026-11-20T10:00:00.000Z' },
      { type: 'b', occurredAt: '2026-11-20T11:00:00.000Z' },
    ]);
    const { items } = await list(own, { from: '2026-11-20T10:00:00Z', to: '2026-11-20T11:00:00Z' });
    expect(items.map(({ type }) => type)).toEqual(['a']);
  });
});

test('a cursor keeps the range it began with', async () => {
  const ctx = await services.tenantContext();
  await ingest(
    ctx,
    [1, 2, 3].map((second) => ({ type: 'view', occurredAt: `2026-11-20T10:00:0${second}.000Z` })),
  );
  const first = await list(ctx, { from: '2026-11-20T10:00:02Z', to: '2026-11-20T10:00:04Z', limit: 1 });
  const second = await list(ctx, { limit: 500, cursor: first.nextCursor });
  expect([...first.items, ...second.items].map(({ occurredAt }) => occurredAt)).toEqual([
    '2026-11-20T10:00:03.000Z',
    '2026-11-20T10:00:02.000Z',
  ]);
});

test.each([
  ['made up', 'bm90IGpzb24'],
  ['of odd content', Buffer.from('{"order":"desc"}').toString('base64url')],
  [
    'beyond all time',
    Buffer.from(
      JSON.stringify({
        order: 'desc',
        range: { from: 0, to: 9e15 },
        after: { id: crypto.randomUUID(), occurredAt: 0 },
      }),
    ).toString('base64url'),
  ],
])('a cursor %s is refused', async (_name, cursor) => {
  const ctx = await services.tenantContext();
  await expect(list(ctx, { cursor })).rejects.toMatchObject({ code: 'invalid_cursor', evidence: { field: 'cursor' } });
});

test('a cursor goes on with its own question alone', async () => {
  const [ctx, other] = [await services.tenantContext(), await services.tenantContext()];
  const events = [1, 2, 3].map((second) => ({ type: 'a', occurredAt: `2026-11-20T10:00:0${second}.000Z` }));
  for (const tenant of [ctx, other]) await ingest(tenant, events);
  const range = { from: '2026-11-20T10:00:00.000Z', to: '2026-11-20T11:00:00.000Z' };
  const question = { ...range, types: ['a', 'b'], search: 'a', limit: 1 };
  const { nextCursor: cursor } = await list(ctx, question);

  const same: ListEventsInput[] = [
    question,
    { ...question, limit: 500 },
    { ...question, types: ['b', 'a', 'a'], from: '2026-11-20T11:00:00+01:00' },
    { types: question.types, search: 'a' },
  ];
  for (const input of same) {
    expect((await list(ctx, { ...input, cursor })).items[0]?.occurredAt).toBe('2026-11-20T10:00:02.000Z');
  }
  const { search: _search, ...unsearched } = question;
  const { types: _types, ...unfiltered } = question;
  const another: ListEventsInput[] = [
    { ...question, types: ['a'] },
    { ...question, userId: 'ada' },
    { ...question, devices: [null] },
    { ...question, properties: [{ path: 'plan', in: ['pro'] }] },
    { ...question, search: 'b' },
    unsearched,
    unfiltered,
    { ...question, order: 'asc' },
    { ...question, from: '2026-11-20T10:00:00.001Z' },
    { ...question, to: '2026-11-20T11:00:00.001Z' },
    { ...unfiltered, ...unsearched, from: undefined, to: undefined, last: '90d' },
  ];
  const refusal = {
    code: 'invalid_cursor',
    message: expect.stringContaining('or start without one'),
    evidence: { field: 'cursor' },
  };
  for (const input of another)
    await expect(list(ctx, { ...input, cursor }), JSON.stringify(input)).rejects.toMatchObject(refusal);
  await expect(list(other, { ...question, cursor })).rejects.toMatchObject(refusal);

  const pinned = JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString());
  const moved = { ...pinned, range: { ...pinned.range, from: pinned.range.from - 1 } };
  const changed = Buffer.from(JSON.stringify(moved)).toString('base64url');
  await expect(list(ctx, { types: question.types, search: 'a', cursor: changed })).rejects.toMatchObject(refusal);
});

test('a cursor of a relative range goes on with that alone', async () => {
  const ctx = await services.tenantContext();
  await ingest(ctx, [{ type: 'a' }, { type: 'b' }, { type: 'c' }]);
  const first = await list(ctx, { last: '24h', limit: 1 });
  const second = await list(ctx, { last: '24h', limit: 1, cursor: first.nextCursor });
  expect((await list(ctx, { last: '24h', cursor: second.nextCursor })).items).toHaveLength(1);
  for (const { nextCursor: cursor } of [first, second]) {
    await expect(list(ctx, { last: '7d', cursor })).rejects.toMatchObject({ code: 'invalid_cursor' });
  }
});

test('an event comes back as it was sent', async () => {
  const ctx = await services.tenantContext();
  const sent = {
    id: '0191E3E0-ABCD-4000-8000-00000000000A',
    type: 'purchase',
    occurredAt: '2026-11-20T11:00:00.123+01:00',
    userId: 'ada',
    sessionId: 's-1',
    device: 'tablet' as const,
    properties: { total: 12.5, items: [{ sku: 'kettle' }], note: 'ünïcode ✓', nothing: null, ok: true },
  };
  await ingest(ctx, [sent]);
  const key = { id: sent.id, occurredAt: sent.occurredAt };
  expect(await getEvent(ctx, key)).toEqual({
    ...sent,
    id: sent.id.toLowerCase(),
    occurredAt: '2026-11-20T10:00:00.123Z',
    receivedAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  await expect(getEvent(ctx, { ...key, occurredAt: '2026-11-20T10:00:00.124Z' })).rejects.toMatchObject({
    code: 'not_found',
  });
});
