import { expect, test } from 'vitest';
import { Failure } from '../src/connection/failure.ts';
import { reduceOverview } from '../src/overview/overview-state.ts';
import { answeredFixture, countedFixture, overviewFixture, QUESTION } from './overview-fixture.ts';
import { GLOBEX, NO_SERVER } from './place-fixture.ts';
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

test('another question begins with an empty screen, and keeps the rate of the same events', () => {
  const counted = overviewFixture(answeredFixture(), countedFixture(1, 1));
  const longer = reduceOverview(counted, { type: 'asked', question: { ...QUESTION, range: '7d' } });
  expect(longer).toMatchObject({ summary: undefined, link: { phase: 'connecting' }, samples: [{ events: 1 }] });
  const others = reduceOverview(counted, { type: 'asked', question: { ...QUESTION, tenantId: GLOBEX.id } });
  expect(others).toMatchObject({ summary: undefined, samples: [] });
  const filtered = reduceOverview(counted, { type: 'asked', question: { ...QUESTION, filters: { types: ['view'] } } });
  expect(filtered).toMatchObject({ summary: undefined, samples: [] });
});

test('asking the same again changes nothing', () => {
  const state = overviewFixture(answeredFixture());
  expect(reduceOverview(state, { type: 'asked', question: { ...QUESTION } })).toBe(state);
});

test('an answer to an earlier question comes too late', () => {
  const state = overviewFixture({ type: 'asked', question: { ...QUESTION, interval: 'minute' } }, answeredFixture());
  expect(state.summary).toBeUndefined();
  const elsewhere = { ...QUESTION, tenantId: GLOBEX.id };
  const other = overviewFixture({ type: 'asked', question: elsewhere }, answeredFixture(), countedFixture(7, 7));
  expect(other).toMatchObject({ summary: undefined, samples: [] });
});
