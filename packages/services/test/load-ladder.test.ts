import type { LoadLevel, LoadSample } from '@tidemark/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnswerTimes } from '../src/resilience/answer-times.ts';
import { LoadLadder, toReasons } from '../src/resilience/load-ladder.ts';

const INTERVAL_MS = 500;
const CALM: LoadSample = { loopDelayMs: 0, loopUtilisation: 1, waitingMs: 0, answersP95Ms: null, ownWaitMs: 0 };
/** What each signal has to be for each level, and a value between its release and its reach. */
const SIGNALS = [
  { signal: 'loopDelayMs', reach: [100, 400] },
  { signal: 'waitingMs', reach: [250, 1_500] },
  { signal: 'answersP95Ms', reach: [1_000, 3_000] },
  { signal: 'ownWaitMs', reach: [500, 2_000] },
] as const;

const sampleArbitrary = fc.record({
  loopDelayMs: fc.oneof(fc.constant(0), fc.nat(600)),
  loopUtilisation: fc.double({ min: 0, max: 1, noNaN: true }),
  waitingMs: fc.oneof(fc.constant(0), fc.nat(2_000)),
  answersP95Ms: fc.oneof(fc.constant(null), fc.nat(4_000)),
  ownWaitMs: fc.oneof(fc.constant(0), fc.nat(3_000)),
});
/** Stretches of one sample, so that levels are reached and left. */
const loadArbitrary = fc.array(
  fc.record({ sample: fc.oneof(fc.constant(CALM), sampleArbitrary), count: fc.integer({ min: 1, max: 60 }) }),
  { minLength: 1, maxLength: 12 },
);

const observe = (load: readonly { sample: LoadSample; count: number }[]) => {
  const ladder = new LoadLadder();
  const samples = load.flatMap(({ sample, count }) => Array.from({ length: count }, () => sample));
  const levels = samples.map((sample, place) => ladder.observe(sample, place * INTERVAL_MS));
  return { ladder, samples, levels };
};

const pressureOf = (sample: LoadSample, share: number): number =>
  Math.max(...SIGNALS.map(({ signal, reach }) => reach.filter((from) => (sample[signal] ?? 0) >= from * share).length));

type Move = { readonly place: number; readonly from: number; readonly to: number; readonly sinceLastMs: number };

function toMoves(levels: readonly LoadLevel[]): Move[] {
  let last = Number.NEGATIVE_INFINITY;
  return levels.flatMap((to, place) => {
    const from = levels[place - 1] ?? 0;
    if (from === to) return [];
    const sinceLastMs = (place - last) * INTERVAL_MS;
    last = place;
    return [{ place, from, to, sinceLastMs }];
  });
}

test('the level moves one at a time, up only under pressure that lasts, down only after ten seconds without', () => {
  const seen = { up: 0, down: 0 };
  fc.assert(
    fc.property(loadArbitrary, (load) => {
      const { samples, levels } = observe(load);
      for (const { place, from, to, sinceLastMs } of toMoves(levels)) {
        expect(Math.abs(to - from)).toBe(1);
        const isUp = to > from;
        seen[isUp ? 'up' : 'down'] += 1;
        const before = samples.slice(Math.max(0, place - (isUp ? 1 : 19)), place + 1);
        const pressures = before.map((sample) => pressureOf(sample, isUp ? 1 : 0.7));
        if (isUp) {
          expect(Math.min(...pressures)).toBeGreaterThan(from);
        } else {
          expect(Math.max(...pressures)).toBeLessThan(from);
          expect(sinceLastMs).toBeGreaterThanOrEqual(10_000);
        }
      }
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(seen.up, seen.down)).toBeGreaterThan(200);
});

test('pressure that stays is answered within two seconds, and calm that stays within twenty', () => {
  fc.assert(
    fc.property(loadArbitrary, sampleArbitrary, (load, last) => {
      const stays = observe([...load, { sample: last, count: 4 }]);
      expect(stays.ladder.level).toBeGreaterThanOrEqual(pressureOf(last, 1));
      expect(observe([...load, { sample: CALM, count: 41 }]).ladder.level).toBe(0);
      // What is between the two thresholds moves nothing, however long it lasts.
      const level = stays.ladder.level;
      if (pressureOf(last, 0.7) >= level && pressureOf(last, 1) <= level) {
        expect(observe([...load, { sample: last, count: 4 }, { sample: last, count: 100 }]).ladder.level).toBe(level);
      }
    }),
    { numRuns: 500 },
  );
});

test('one bad moment raises nothing, and a busy loop that is never late neither', () => {
  for (const { signal, reach } of SIGNALS) {
    const bad = { ...CALM, [signal]: reach[1] };
    const moments = Array.from({ length: 20 }, () => [
      { sample: bad, count: 1 },
      { sample: CALM, count: 1 },
    ]).flat();
    expect(observe(moments).ladder.level).toBe(0);
    expect(toReasons(bad, 2)).toEqual([expect.stringContaining(`${reach[1]} ms`)]);
  }
  expect(observe([{ sample: CALM, count: 1_000 }]).ladder.level).toBe(0);
});

test('one tenant of slow questions is no load, a server that is slow for most is', () => {
  const times = new AnswerTimes();
  const ask = (tenant: string, tookMs: number, count: number) => {
    for (let one = 0; one < count; one += 1) times.add(tenant, 1_000, tookMs);
  };
  ask('slow', 10_000, 10);
  expect(times.p95(1_000)).toBeNull();
  ask('slow', 10_000, 100);
  expect(times.p95(1_000)).toBe(10_000);
  ask('quick', 20, 3);
  expect(times.p95(1_000)).toBe(20);
  ask('other', 5_000, 40);
  expect(times.p95(1_000)).toBe(5_000);
  expect(times.p95(6_001)).toBeNull();
  ask('slow', 1, 100_000);
  expect(times.p95(1_000)).toBe(1);
});
