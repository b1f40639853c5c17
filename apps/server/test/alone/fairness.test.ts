import { databaseResource, measureFairness, p95, serverResource } from '@tidemark/testing';
import { expect, test } from 'vitest';

const MEASURED = { ms: 6_000, events: 60_000 } as const;
/** Of its p95 alone, and what nobody notices. */
const MOST_TIMES = 3;
const UNNOTICED_MS = 150;
const WAITS_TIMES = 10;
/** Of fewer answers a 95th percentile says nothing. */
const ENOUGH = 60;

test('while one tenant asks the worst it may, another has every answer, about as fast as alone', async () => {
  await using database = await databaseResource();
  await using server = await serverResource({ databaseUrl: database.url });
  const { alone, beside, worst } = await measureFairness(server, MEASURED);
  // The other is at its worst: its questions wait for each other, many times as long as one of the good tenant takes.
  expect(p95(worst.latencies)).toBeGreaterThan(WAITS_TIMES * p95(beside.latencies));
  expect([alone.failures, beside.failures]).toEqual([0, 0]);
  expect(Math.min(alone.latencies.length, beside.latencies.length)).toBeGreaterThan(ENOUGH);
  expect(p95(beside.latencies)).toBeLessThan(Math.max(MOST_TIMES * p95(alone.latencies), UNNOTICED_MS));
});
