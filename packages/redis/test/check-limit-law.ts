import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Charge, LimitStore } from '../src/index.ts';

const WINDOW_MS = 1_000;
/** Stores tell windows by whole milliseconds of the wall clock, the test by a clock that is never set. */
const CLOCKS_APART_MS = 10;
/** Runs at the same time, each on a budget of its own: most of a run is waiting for edges. */
const AT_ONCE = 50;

/** Calls that arrive together, some time after those before. */
const burst = fc.record({
  afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 400 }), fc.constant('edge' as const)),
  calls: fc.array(fc.nat(), { minLength: 1, maxLength: 12 }),
});
const scenario = fc.record({
  budget: fc.integer({ min: 1, max: 6 }),
  bursts: fc.array(burst, { minLength: 2, maxLength: 6 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never;

type Call = { readonly sentAt: number; readonly answeredAt: number; readonly isAdmitted: boolean };
/** What a law has been tried on. */
type Cases = { edges: number; refusals: number; contended: number; windows: number };

/**
 * Servers that share a store admit no more than the windows hold that can have begun, plus one call per server; and of
 * the first calls as many as the first window holds. Told by the clock of the test, not by what the stores say. Calls
 * come in bursts, and at the moments when a window is said to end.
 */
export async function checkLimitLaw(stores: readonly LimitStore[], { runs }: { runs: number }): Promise<void> {
  const cases: Cases = { edges: 0, refusals: 0, contended: 0, windows: 0 };
  const scenarios = fc.sample(scenario, runs);
  for (let at = 0; at < scenarios.length; at += AT_ONCE) {
    await Promise.all(scenarios.slice(at, at + AT_ONCE).map((one) => checkScenario(stores, one, cases)));
  }
  // The law says nothing where it is not tried.
  expect(cases.edges).toBeGreaterThan(runs / 4);
  expect(cases.refusals).toBeGreaterThan(runs);
  expect(cases.contended).toBeGreaterThan(runs / 2);
  expect(cases.windows).toBeGreaterThan(runs);
}

async function checkScenario(stores: readonly LimitStore[], { budget, bursts }: Scenario, cases: Cases): Promise<void> {
  const charge: Charge = { owner: randomUUID(), name: 'law', budget, windowMs: WINDOW_MS };
  const made: Call[] = [];
  let resetAt = performance.now();
  for (const { afterMs, calls } of bursts) {
    if (afterMs === 'edge') cases.edges += 1;
    await delay(afterMs === 'edge' ? Math.max(0, resetAt - performance.now()) : afterMs);
    const asked = calls.map(async (choice) => {
      const sentAt = performance.now();
      const charged = await stores[choice % stores.length]?.charge([charge]);
      const answeredAt = performance.now();
      const resetMs = charged?.counts[0]?.resetMs ?? 0;
      if (resetMs > 0) resetAt = sentAt + resetMs;
      made.push({ sentAt, answeredAt, isAdmitted: charged?.isAdmitted === true });
    });
    if (calls.length > budget) cases.contended += 1;
    await Promise.all(asked);
    if (made.length === calls.length) {
      expect(countAdmitted(made), 'of the first calls').toBeGreaterThanOrEqual(Math.min(budget, calls.length));
    }
  }
  const byAnswer = made
    .filter(({ isAdmitted }) => isAdmitted)
    .toSorted((one, other) => one.answeredAt - other.answeredAt);
  for (const [before, { answeredAt }] of byAnswer.entries()) {
    const most = budget * countWindows(made, answeredAt) + stores.length;
    expect(before + 1, JSON.stringify({ budget, bursts })).toBeLessThanOrEqual(most);
  }
  cases.refusals += made.length - byAnswer.length;
  cases.windows += Math.ceil(byAnswer.length / budget);
}

function countAdmitted(calls: readonly Call[]): number {
  return calls.filter(({ isAdmitted }) => isAdmitted).length;
}

/**
 * The most windows that can have begun by a moment: each begins with a call that was under way, and no sooner than the
 * one before it was over.
 */
function countWindows(calls: readonly Call[], by: number): number {
  let count = 0;
  for (let overAt = Number.NEGATIVE_INFINITY; ; count += 1) {
    const after = calls.filter(({ answeredAt }) => answeredAt >= overAt);
    const beginsAt = Math.min(...after.map(({ sentAt }) => Math.max(sentAt, overAt)));
    if (beginsAt > by) return count;
    overAt = beginsAt + WINDOW_MS - CLOCKS_APART_MS;
  }
}
