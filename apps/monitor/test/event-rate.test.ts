import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addSample, type Sample, toEventRate, toRateHistory } from '../src/figures/event-rate.ts';

function samplesOf(...pairs: readonly (readonly [second: number, events: number])[]): readonly Sample[] {
  const samples = pairs.map(([second, events]) => ({ asOfMs: second * 1_000, events }));
  return samples.reduce<readonly Sample[]>(addSample, []);
}

test('one sample is no rate', () => {
  expect(toEventRate([])).toBeUndefined();
  expect(toEventRate(samplesOf([1, 100]))).toBeUndefined();
});

test('a young rate says over how much it was measured', () => {
  expect(toEventRate(samplesOf([1, 100], [3, 130]))).toEqual({ perSecond: 15, overMs: 2_000 });
});

test('an older one covers the last ten seconds', () => {
  expect(toEventRate(samplesOf([0, 0], [5, 1_000], [15, 1_100]))).toEqual({ perSecond: 10, overMs: 10_000 });
});

test('after a gap it is the average over the gap, and says so', () => {
  expect(toEventRate(samplesOf([0, 0], [60, 120]))).toEqual({ perSecond: 2, overMs: 60_000 });
});

test('nothing new is a rate of zero', () => {
  expect(toEventRate(samplesOf([0, 500], [5, 500], [10, 500]))).toEqual({ perSecond: 0, overMs: 10_000 });
});

test('a count that fell begins anew: erased users are no negative traffic', () => {
  expect(toEventRate(samplesOf([0, 500], [5, 400]))).toBeUndefined();
});

test('an answer of the same moment, or of an earlier one, adds nothing', () => {
  expect(samplesOf([5, 100], [5, 101], [4, 90])).toEqual([{ asOfMs: 5_000, events: 100 }]);
});

test('samples are kept for as long as the small chart needs them', () => {
  const many = Array.from({ length: 1_000 }, (_, second) => [second, second] as const);
  expect(samplesOf(...many).length).toBeLessThan(100);
});

test('the history is blank where nothing is known', () => {
  expect(toRateHistory(samplesOf([0, 0], [10, 100], [20, 100]), 5, 5_000)).toEqual([undefined, 10, 10, 0, 0]);
  expect(toRateHistory([], 3, 1_000)).toEqual([undefined, undefined, undefined]);
});

test('the stretches of the history add up to the events that came', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 7 }), fc.nat(1_000)), { minLength: 15, maxLength: 40 });
  fc.assert(
    fc.property(steps, (pairs) => {
      const samples = [{ asOfMs: 0, events: 0 }];
      for (const [gap, more] of pairs) {
        const last = samples.at(-1) ?? { asOfMs: 0, events: 0 };
        samples.push({ asOfMs: last.asOfMs + gap * 1_000, events: last.events + more });
      }
      const bins = 10;
      const history = toRateHistory(samples, bins, 1_000);
      const sum = history.reduce<number>((total, rate) => total + (rate ?? 0), 0);
      const start = toRateHistory(samples, 1, bins * 1_000)[0] ?? 0;
      expect(sum).toBeCloseTo(start * bins, 6);
    }),
  );
});
