import { expect, test } from 'vitest';
import { Failure } from '../src/connection/failure.ts';
import { reduceOverview } from '../src/overview/overview-state.ts';
import { ACME, answeredFixture, countedFixture, GLOBEX, NO_SERVER, overviewFixture } from './overview-fixture.ts';
import { summaryFixture } from './summary-fixture.ts';

test('an answer makes the screen live', () => {
  const state = overviewFixture(answeredFixture({ at: 5_000 }));
  expect(state.link).toEqual({ phase: 'live', heardAt: 5_000 });
  expect(state.summary?.totals.events).toBe(2_760);
});

test('a drop keeps the numbers and says since when they are old', () => {
  const state = overviewFixture(answeredFixture({ at: 5_000 }), { type: 'dropped', why: NO_SERVER });
  expect(state.link).toEqual({ phase: 'reconnecting', why: NO_SERVER, heardAt: 5_000 });
  expect(state.summary).toBeDefined();
});

test('a drop before the first answer has nothing to remember', () => {
  const state = overviewFixture({ type: 'dropped', why: NO_SERVER });
  expect(state.link).toEqual({ phase: 'reconnecting', why: NO_SERVER, heardAt: undefined });
});

test('the first answer after a drop tells what came in meanwhile, for a while', () => {
  const summary = summaryFixture({ totals: { events: 2_800, users: 20 } });
  const state = overviewFixture(
    answeredFixture(),
    { type: 'dropped', why: NO_SERVER },
    answeredFixture({ summary, at: 60_000 }),
  );
  expect(state.missed).toEqual({ events: 40, until: 75_000 });
});

test('nothing is said where nothing was missed', () => {
  const state = overviewFixture(answeredFixture(), { type: 'dropped', why: NO_SERVER }, answeredFixture());
  expect(state.missed).toBeUndefined();
});

test('a refusal is final', () => {
  const why = new Failure('The key was refused.', 'Give another.');
  expect(overviewFixture({ type: 'refused', why }).link).toEqual({ phase: 'refused', why });
});

test('another tenant begins with an empty screen and comes round again', () => {
  const globex = overviewFixture(answeredFixture(), countedFixture(1, 1), { type: 'tenantStepped', by: 1 });
  expect(globex).toMatchObject({ tenant: GLOBEX, link: { phase: 'connecting' }, samples: [], range: '24h' });
  expect(globex.summary).toBeUndefined();
  expect(reduceOverview(globex, { type: 'tenantStepped', by: 1 }).tenant).toBe(ACME);
  expect(reduceOverview(globex, { type: 'tenantStepped', by: -1 }).tenant).toBe(ACME);
});

test('with one tenant there is nowhere to step', () => {
  const alone = { ...overviewFixture(answeredFixture()), tenants: [ACME] };
  expect(reduceOverview(alone, { type: 'tenantStepped', by: 1 })).toBe(alone);
});

test('ranges step both ways, round the ends, and keep the rate', () => {
  const day = overviewFixture(countedFixture(1, 1));
  expect(reduceOverview(day, { type: 'rangeStepped', by: 1 })).toMatchObject({ range: '7d', samples: [{ events: 1 }] });
  expect(reduceOverview({ ...day, range: '90d' }, { type: 'rangeStepped', by: 1 }).range).toBe('15m');
  expect(reduceOverview({ ...day, range: '15m' }, { type: 'rangeStepped', by: -1 }).range).toBe('90d');
});

test('an answer to an earlier question comes too late', () => {
  const state = overviewFixture({ type: 'rangeStepped', by: 1 }, answeredFixture());
  expect(state.summary).toBeUndefined();
  const other = overviewFixture({ type: 'tenantStepped', by: 1 }, answeredFixture(), countedFixture(7, 7));
  expect(other).toMatchObject({ summary: undefined, samples: [] });
});
