import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Charge, LimitStore } from '../src/index.ts';

const WINDOW_MS = 1_000;
/** Stores tell windows by whole milliseconds of the wall clock, the test by a clock that is never set. */
const CLOCKS_APART_MS = 10;
/** Runs at the same time, each on a budget of its own: most of a run is waiting for edges. */
const AT_ONCE = 25;

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

type Admission = { readonly sentAt: number; readonly answeredAt: number; readonly server: number };
/** What a law has been tried on. */
type Cases = { edges: number; refusals: number; contended: number; windows: number };

/**
 * Servers that share a store admit no more than the windows hold that can have begun since the first call, plus one
 * call per server; told by the clock of the test, not by what the stores say. Calls come in bursts, and at the moments
 * when a window is said to end.
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
  const admissions: Admission[] = [];
  const startedAt = performance.now();
  let resetAt = startedAt;
  for (const { afterMs, calls } of bursts) {
    if (afterMs === 'edge') cases.edges += 1;
    await delay(afterMs === 'edge' ? Math.max(0, resetAt - performance.now()) : afterMs);
    const asked = calls.map(async (choice) => {
      const server = choice % stores.length;
      const sentAt = performance.now();
      const charged = await stores[server]?.charge([charge]);
      const answeredAt = performance.now();
      const resetMs = charged?.counts[0]?.resetMs ?? 0;
      if (resetMs > 0) resetAt = sentAt + resetMs;
      if (charged?.isAdmitted === true) admissions.push({ sentAt, answeredAt, server });
      else cases.refusals += 1;
    });
    if (calls.length > budget) cases.contended += 1;
    await Promise.all(asked);
  }
  const byAnswer = admissions.toSorted((one, other) => one.answeredAt - other.answeredAt);
  for (const [before, { answeredAt }] of byAnswer.entries()) {
    // The first began after `startedAt`, each further one at least a window's length after the one before.
    const windows = 1 + Math.floor((answeredAt - startedAt + CLOCKS_APART_MS) / WINDOW_MS);
    expect(before + 1, JSON.stringify({ budget, bursts })).toBeLessThanOrEqual(budget * windows + stores.length);
  }
  cases.windows += Math.ceil(admissions.length / budget);
}
