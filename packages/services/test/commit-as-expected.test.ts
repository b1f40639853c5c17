import { eraseUser, ingestEvents, setRetention } from '@tidemark/services';
import { auditTenant, Oracle, type ServicesResource, servicesResource } from '@tidemark/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExpectedHeads } from '../src/events/expected-heads.ts';
import { trimTenant } from '../src/rollups/trim-tenant.ts';
import { CommitWorld, NOW, type Seen, stepsArbitrary, toKey } from './commit-world.ts';

const RUNS = 120;

let services: ServicesResource;
let other: ServicesResource;
let oracle: Oracle;
beforeAll(async () => {
  services = await servicesResource();
  other = await servicesResource({ databaseUrl: services.url });
  oracle = await Oracle.open(services.url);
  services.setNow(NOW);
  other.setNow(NOW);
});
afterAll(async () => {
  await oracle[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

test('whatever a guess of the head missed, every event counts once and is told so', { timeout: 600_000 }, async () => {
  const seen: Seen = { asExpected: 0, strangers: 0, behindOther: 0, behindErasure: 0, behindMove: 0, duplicates: 0 };
  await fc.assert(
    fc.asyncProperty(stepsArbitrary, async (steps) => {
      const here = await services.tenantContext({ timeZone: 'UTC' });
      const world = new CommitWorld(here, { ...here, resources: other.resources }, seen);
      for (const step of steps) await world.take(step);
      const [row] = await oracle.ask('SELECT count(*) AS events FROM events WHERE tenant_id = $1', [here.tenant.id]);
      expect(Number(row?.events)).toBe(world.events);
      expect(await auditTenant(oracle, { tenantId: here.tenant.id })).toEqual([]);
    }),
    { numRuns: RUNS },
  );
  expect(seen.asExpected).toBeGreaterThanOrEqual(RUNS);
  for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThanOrEqual(RUNS / 30);
});

test('an event that retention no longer takes is refused, also where the head was guessed from before', async () => {
  const ctx = await services.tenantContext();
  const send = async (daysAgo: number) => {
    const occurredAt = new Date(NOW - daysAgo * 86_400_000).toISOString();
    const { receipts } = await ingestEvents(ctx, { events: [{ id: toKey(daysAgo).id, type: 'view', occurredAt }] });
    return receipts[0]?.status;
  };
  expect([await send(1), await send(30), await send(31)]).toEqual(['accepted', 'accepted', 'accepted']);
  await setRetention(ctx, { rawDays: 10, rollupDays: null });
  await trimTenant(ctx.resources, { id: ctx.tenant.id, rawDays: 10, rollupDays: null });
  // The first by a guess that is wrong, the third by one that holds.
  expect([await send(32), await send(2), await send(33), await send(3)]).toEqual([
    'rejected',
    'accepted',
    'rejected',
    'accepted',
  ]);
  expect(await auditTenant(oracle, { tenantId: ctx.tenant.id })).toEqual([]);
});

test('an ordinal remembered from before an erasure is not guessed with, although commits went on since', async () => {
  const ctx = await services.tenantContext();
  let place = 0;
  const send = (userId?: string) => ingestEvents(ctx, { events: [{ ...toKey(place++), type: 'view', userId }] });
  await send('ada');
  await send('ada');
  await eraseUser(ctx, { userId: 'ada' });
  // The first guess is wrong, and two commits have to be as expected before the next.
  for (let commits = 0; commits < 3; commits += 1) await send();
  await send('ada');
  const rows = await oracle.ask('SELECT DISTINCT user_ordinal FROM events WHERE tenant_id = $1 ORDER BY 1', [
    ctx.tenant.id,
  ]);
  expect(rows).toEqual([{ user_ordinal: '1' }, { user_ordinal: null }]);
  expect(await auditTenant(oracle, { tenantId: ctx.tenant.id })).toEqual([]);
});

const HEAD = {
  seq: 7,
  nextOrdinal: 3,
  usersEpoch: 0,
  retentionHorizon: null,
  calendar: { timeZone: 'UTC', daysFrom: null, setMinutes: 60, quarterSetsFrom: null },
};

test('a head is expected as the last commit left it, and for as long as commits find it so', () => {
  const heads = new ExpectedHeads();
  expect(heads.expect('a')).toBeUndefined();
  heads.taken('a', HEAD, { users: 2, isWhole: true });
  expect(heads.expect('a')).toEqual({ ...HEAD, seq: 8, nextOrdinal: 5 });
  expect(heads.expect('b')).toBeUndefined();

  heads.taken('a', { ...HEAD, seq: 9 }, { users: 0, isWhole: true });
  expect(heads.expect('a'), 'another server took the 8').toBeUndefined();
  heads.taken('a', { ...HEAD, seq: 10 }, { users: 0, isWhole: false });
  expect(heads.expect('a'), 'something came twice').toBeUndefined();
  heads.taken('a', { ...HEAD, seq: 11 }, { users: 0, isWhole: true });
  expect(heads.expect('a')?.seq).toBe(12);
});

test('guesses that keep being wrong become rare, and come back when they would be right', () => {
  const heads = new ExpectedHeads();
  let seq = 0;
  const commitUntilGuess = () => {
    let commits = 0;
    for (; heads.expect('a') === undefined; commits += 1) {
      heads.taken('a', { ...HEAD, seq }, { users: 0, isWhole: true });
      seq += 1;
    }
    return commits;
  };
  const waits = Array.from({ length: 9 }, () => {
    const commits = commitUntilGuess();
    heads.missed('a');
    return commits;
  });
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 64, 64]);
  for (let commits = 0; commits <= 64; commits += 1) {
    heads.taken('a', { ...HEAD, seq }, { users: 0, isWhole: true });
    seq += 1;
  }
  heads.missed('a');
  expect(commitUntilGuess()).toBe(2);
});
