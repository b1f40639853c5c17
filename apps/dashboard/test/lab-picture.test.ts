import type { LabMessage } from '@tidemark/schemas';
import { expect, test } from 'vitest';
import { addMessage, BLANK, type LabPicture } from '../src/lib/lab/lab-picture.ts';
import { toOutcomeLook, toOutcomeNames } from '../src/lib/lab/outcome-look.ts';
import { toTally } from '../src/lib/lab/tally.ts';

const sample = (figures: Extract<LabMessage, { type: 'sample' }>['figures']): LabMessage => ({
  type: 'sample',
  phase: 'spike',
  elapsedMs: 500,
  figures,
});

const MESSAGES: readonly LabMessage[] = [
  { type: 'phase', phase: 'spike', title: 'A crowd', explains: 'Many at once.' },
  sample([
    { name: 'requests', value: 300, unit: 'per_second' },
    { name: 'p50', value: 4, unit: 'ms' },
    { name: 'p95', value: 20, unit: 'ms' },
    { name: 'p99', value: 31, unit: 'ms' },
    { name: 'rate_limited', value: 50, unit: 'count' },
    { name: 'answered', value: 100, unit: 'count' },
    { name: 'level', value: 2, unit: 'level' },
  ]),
  sample([{ name: 'requests', value: 0, unit: 'per_second' }]),
  { type: 'result', phase: 'spike', figures: [{ name: 'level', value: 0, unit: 'level' }] },
  { type: 'verdict', passed: true, checks: [], tookMs: 1_200 },
];

const toPicture = (messages: readonly LabMessage[]): LabPicture =>
  messages.reduce((picture, message, index) => addMessage(picture, message, index * 500), BLANK);

test('a run is drawn from its messages as they come', () => {
  const { phases, samples, verdict } = toPicture(MESSAGES);
  expect(phases).toMatchObject([{ name: 'spike', fromMs: 0, result: [{ name: 'level', value: 0 }] }]);
  expect(samples).toMatchObject([
    { atMs: 500, perSecond: 300, latencies: { p50: 4, p95: 20, p99: 31 } },
    { atMs: 1_000, perSecond: 0, latencies: null },
    { atMs: 1_500, perSecond: 0, latencies: null },
  ]);
  // Twice a second there is a sample, and a picture is by the second.
  expect(samples[0]?.outcomes.get('answered')).toBe(200);
  expect(samples.map(({ states }) => states.get('level'))).toEqual([2, undefined, 0]);
  expect(verdict).toEqual({ passed: true, checks: [], tookMs: 1_200 });
});

test('what the samples come to counts each call once', () => {
  expect(toTally(toPicture(MESSAGES).samples)).toEqual({
    mostPerSecond: 300,
    slowestP95: 20,
    answered: 100,
    refused: 50,
  });
});

test('a picture does not grow for as long as a run lasts', () => {
  const endless = Array.from({ length: 1_500 }, () => sample([]));
  const { samples } = toPicture(endless);
  expect(samples).toHaveLength(1_200);
  expect(samples.at(-1)?.atMs).toBe(1_499 * 500);
});

test('answers lie below refusals, and callers are named', () => {
  const outcomes = new Map(
    ['low rate_limited', 'stale', 'rate_limited', 'hit', 'high answered'].map((name) => [name, 1]),
  );
  expect(toOutcomeNames([{ outcomes }])).toEqual(['high answered', 'hit', 'stale', 'rate_limited', 'low rate_limited']);
  expect(toOutcomeLook('low rate_limited')).toMatchObject({
    label: 'Low priority: refused by the limit',
    isRefusal: true,
  });
  expect(toOutcomeLook('stale')).toMatchObject({ label: 'Stale, and says so', isRefusal: false });
});
