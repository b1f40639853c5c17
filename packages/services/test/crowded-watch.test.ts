import { summaryInputSchema } from '@tidemark/schemas';
import { ingestEvents, watchSummary } from '@tidemark/services';
import { servicesResource } from '@tidemark/testing';
import { expect, test } from 'vitest';

const WATCHERS = 1_000;
const COMMITS = 4;

test('a thousand watchers of one question cost one computation a tick', async () => {
  await using services = await servicesResource();
  const ctx = await services.tenantContext();
  const leaving = new AbortController();
  let transactions = 0;
  services.database.reads.on('acquire', () => {
    transactions += 1;
  });
  const query = summaryInputSchema.parse({ last: '1h', groupBy: 'type' });
  const watchers = Array.from({ length: WATCHERS }, () => watchSummary(ctx, query, leaving.signal));
  /** Every watcher's next answer that holds so many events, and how many answers were computed in all. */
  const seen = new Set<object>();
  const untilAllSee = (events: number) =>
    Promise.all(
      watchers.map(async (watcher) => {
        for (;;) {
          const { value, done } = await watcher.next();
          if (done === true) throw new Error('a watch ended');
          seen.add(value.summary);
          if (value.summary.totals.events === events) return;
        }
      }),
    );

  await untilAllSee(0);
  for (let commit = 1; commit <= COMMITS; commit += 1) {
    await ingestEvents(ctx, { events: [{ type: 'view' }] });
    await untilAllSee(commit);
  }
  // The first, one for each commit, and at most one more for each that arrived while one was computed.
  expect(seen.size).toBeGreaterThanOrEqual(1 + COMMITS);
  expect(seen.size).toBeLessThanOrEqual(1 + 2 * COMMITS);
  // Each computation is one transaction, and the cache looks at the head at most as often again.
  expect(transactions).toBeLessThanOrEqual(2 * seen.size);
  expect(services.resources.summaryHub.size).toBe(1);

  leaving.abort();
  await Promise.all(watchers.map((watcher) => watcher.return(undefined)));
  expect(services.resources.summaryHub.size).toBe(0);
});
