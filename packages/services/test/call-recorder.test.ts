import { expect, test } from 'vitest';
import { CallRecorder } from '../src/lab/call-recorder.ts';

const figuresOf = (recorder: CallRecorder) =>
  Object.fromEntries(recorder.take().map(({ name, value }) => [name, value])) as Record<string, number>;

test('percentiles of more calls than are kept are those of all of them', () => {
  const recorder = new CallRecorder();
  for (let count = 0; count < 10_000; count += 1) recorder.record('ok', 1);
  for (let count = 0; count < 30_000; count += 1) recorder.record('ok', 1_000);
  const { ok, p50, p95, p99 } = figuresOf(recorder);
  expect({ ok, p50, p95, p99 }).toEqual({ ok: 40_000, p50: 1_000, p95: 1_000, p99: 1_000 });
});

test('what was taken is gone', () => {
  const recorder = new CallRecorder();
  recorder.record('ok', 5);
  expect(figuresOf(recorder)).toMatchObject({ ok: 1, p50: 5 });
  expect(figuresOf(recorder)).toEqual({ requests: 0 });
});
