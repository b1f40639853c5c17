import type { EventInput, Receipt } from '@tidemark/schemas';
import { getEvent, ingestEvents, type TenantContext } from '@tidemark/services';
import { auditTenant, Oracle, type ServicesResource, servicesResource } from '@tidemark/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const DAY_MS = 24 * 60 * 60_000;

let services: ServicesResource;
let oracle: Oracle;
let ctx: TenantContext;
beforeAll(async () => {
  services = await servicesResource();
  oracle = await Oracle.open(services.url);
  services.setNow(NOW);
});
afterAll(async () => {
  await oracle[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});
beforeEach(async () => {
  ctx = await services.tenantContext();
});
afterEach(async () => {
  expect(await auditTenant(oracle, { tenantId: ctx.tenant.id })).toEqual([]);
});

async function send(...events: unknown[]): Promise<Receipt[]> {
  const { receipts } = await ingestEvents(ctx, { events });
  return receipts;
}

const statuses = (receipts: readonly Receipt[]) =>
  receipts.map(({ status, reason }) =>
    reason === undefined ? status : `${status}: ${reason.code} at '${reason.path}'`,
  );

/** The identity of the n-th event of a test. */
const identity = (n: number) => ({
  id: `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
  occurredAt: new Date(NOW - n * 60_000).toISOString(),
});

test('receipts stand in the order of the events, whatever became of each', async () => {
  await send({ ...identity(3), type: 'view' });
  const receipts = await send(
    { ...identity(1), type: 'view' },
    { ...identity(2), type: '' },
    { ...identity(3), type: 'view' },
    'no event at all',
    { ...identity(4), type: 'view', device: 'fridge' },
    { ...identity(1), type: 'view' },
    { ...identity(5), type: 'view', properties: { deep: { text: 'a\u0000b' } } },
    { ...identity(6), type: 'view', colour: 'red' },
    { ...identity(7), type: 'view' },
  );
  expect(statuses(receipts)).toEqual([
    'accepted',
    "rejected: invalid_field at 'type'",
    'duplicate',
    "rejected: invalid_field at ''",
    "rejected: invalid_field at 'device'",
    'duplicate',
    "rejected: invalid_field at 'properties.deep.text'",
    "rejected: invalid_field at 'colour'",
    'accepted',
  ]);
  expect(receipts.map(({ id }) => id)).toEqual(
    [1, 2, 3, 0, 4, 1, 5, 6, 7].map((n) => (n === 0 ? null : identity(n).id)),
  );
});

test('of one identity the first payload wins, in a batch and after it', async () => {
  const first = { ...identity(1), type: 'view', userId: 'ada', properties: { price: 1 } };
  const other = { ...identity(1), type: 'buy', userId: 'bo', properties: { price: 2 } };
  expect(statuses(await send(first, other))).toEqual(['accepted', 'duplicate']);
  expect(statuses(await send(other, first))).toEqual(['duplicate', 'duplicate']);
  expect(await getEvent(ctx, identity(1))).toMatchObject({ type: 'view', userId: 'ada', properties: { price: 1 } });
});

test('an id counts in lower case, and an instant to the millisecond whatever its offset', async () => {
  const id = 'ABCDEF00-0000-4000-8000-00000000000A';
  const instants = ['2026-11-22T09:00:00.120Z', '2026-11-22T10:00:00.12+01:00', '2026-11-22T09:00:00.1209Z'];
  const receipts = await send(
    ...instants.map((occurredAt) => ({ id, occurredAt, type: 'view' })),
    { id: id.toLowerCase(), occurredAt: instants[0], type: 'view' },
    { id, occurredAt: '2026-11-22T09:00:00.121Z', type: 'view' },
  );
  expect(statuses(receipts)).toEqual(['accepted', 'duplicate', 'duplicate', 'duplicate', 'accepted']);
  expect(new Set(receipts.map((receipt) => receipt.id))).toEqual(new Set([id.toLowerCase()]));
});

test('a UUIDv7 brings its own time; any other id needs one; with neither the server makes both', async () => {
  const hex = (NOW - 5_000).toString(16).padStart(12, '0');
  const v7 = `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-0123456789ab`;
  const [withTime, without, bare] = await send(
    { id: v7, type: 'view' },
    { id: identity(1).id, type: 'view' },
    { type: 'view' },
  );
  expect(withTime).toEqual({ id: v7, occurredAt: new Date(NOW - 5_000).toISOString(), status: 'accepted' });
  expect(without).toMatchObject({
    id: identity(1).id,
    occurredAt: null,
    status: 'rejected',
    reason: { code: 'missing_time' },
  });
  expect(bare).toMatchObject({ occurredAt: new Date(NOW).toISOString(), status: 'accepted' });
  // The id that was made holds the time that was made, so that a reader of either finds the other.
  expect(Number.parseInt((bare?.id ?? '').replaceAll('-', '').slice(0, 12), 16)).toBe(NOW);
});

test('events lie between 20 years back and 24 hours ahead, to the millisecond', async () => {
  const oldest = Date.parse('2006-11-22T10:00:00.000Z');
  const at = (epochMs: number) => ({ ...identity(1), occurredAt: new Date(epochMs).toISOString(), type: 'view' });
  expect(statuses(await send(at(NOW + DAY_MS), at(NOW + DAY_MS + 1), at(oldest), at(oldest - 1)))).toEqual([
    'accepted',
    "rejected: too_far_ahead at 'occurredAt'",
    'accepted',
    "rejected: too_far_back at 'occurredAt'",
  ]);
});

test('an event of 15 years ago finds its partition made', async () => {
  const [before] = await oracle.ask("SELECT to_regclass('events_2011_10') AS found");
  const instants = ['2011-10-31T23:59:59.999Z', '2011-11-01T00:00:00.000Z', '2011-10-01T00:00:00.000Z'];
  const receipts = await send(...instants.map((occurredAt) => ({ ...identity(1), occurredAt, type: 'view' })));
  expect(before?.found).toBeNull();
  expect(statuses(receipts)).toEqual(['accepted', 'accepted', 'accepted']);
  const rows = await oracle.ask(
    'SELECT tableoid::regclass AS partition FROM events WHERE tenant_id = $1 ORDER BY occurred_at',
    [ctx.tenant.id],
  );
  expect(rows.map(({ partition }) => partition)).toEqual(['events_2011_10', 'events_2011_10', 'events_2011_11']);
});

test('committedAt says when the batch was stored, and is null where nothing new was', async () => {
  const event = { ...identity(1), type: 'view' };
  const commit = async (events: EventInput[]) => (await ingestEvents(ctx, { events })).committedAt;
  expect(await commit([event])).toBe(new Date(NOW).toISOString());
  expect(await commit([event])).toBeNull();
  expect(await commit([{ type: '' }])).toBeNull();
});
