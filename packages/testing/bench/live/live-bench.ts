import { setTimeout as delay } from 'node:timers/promises';
import { createTidemark } from '@tidemark/client';
import { databaseResource } from '../../src/database-resource.ts';
import { createLoadTenant } from '../../src/load/create-load-tenant.ts';
import { p50, p95, p99, toMs } from '../../src/load/percentile.ts';
import { serverResource } from '../../src/server-resource.ts';
import { type Bench, toNumber } from '../bench.ts';
import { makeLiveEvents } from '../ingest/live-events.ts';
import { toTable } from '../report/to-table.ts';

const EVENTS_PER_SECOND = 1_000;
const BATCH = 20;
const BATCH_EVERY_MS = (1_000 * BATCH) / EVENTS_PER_SECOND;
/** The first seconds, while the server's code is still being compiled, are not counted. */
const WARM_UP_MS = 3_000;
/** What is under way when the last event was acknowledged gets this long to arrive. */
const ARRIVAL_MS = 5_000;

/** How soon after its acknowledgement an event is seen by those who follow. */
export const liveBench: Bench = {
  title: `Live: from the acknowledgement to a tail and to a watch, at ${EVENTS_PER_SECOND} events/s`,
  options: { seconds: '30' },
  async run({ options, print }) {
    await using database = await databaseResource();
    await using server = await serverResource({ databaseUrl: database.url });
    const { id, ingestKey } = await createLoadTenant(server, { slug: 'live', timeZone: 'UTC' });
    const platform = createTidemark({ url: server.url, key: server.platformKey, tenantId: id });
    const { secret } = await platform.admin.keys.create.mutate({ name: 'viewer', role: 'viewer' });
    const reader = createTidemark({ url: server.url, key: secret });
    const sender = createTidemark({ url: server.url, key: ingestKey });

    const seenAt = new Map<string, number>();
    const answers: { readonly events: number; readonly at: number }[] = [];
    const following = Promise.withResolvers<void>();
    const failed = Promise.withResolvers<never>();
    const tail = reader.events.tail.subscribe(
      {},
      {
        onData({ data }) {
          if ('event' in data) seenAt.set(data.event.id, performance.now());
          else following.resolve();
        },
        onError: failed.reject,
      },
    );
    const watch = reader.analytics.watch.subscribe(
      { last: '24h' },
      {
        onData: ({ data }) => void answers.push({ events: data.totals.events, at: performance.now() }),
        onError: failed.reject,
      },
    );
    await Promise.race([following.promise, failed.promise]);

    const acknowledged: { readonly id: string; readonly at: number }[] = [];
    const startedAt = performance.now();
    const endsAt = startedAt + toNumber(options.seconds) * 1_000;
    const sending: Promise<void>[] = [];
    for (let due = startedAt; due < endsAt; due += BATCH_EVERY_MS) {
      await delay(Math.max(0, due - performance.now()));
      const send = async () => {
        const events = makeLiveEvents(BATCH, 10_000);
        await sender.events.ingest.mutate({ events });
        const at = performance.now();
        for (const { id: eventId } of events) acknowledged.push({ id: eventId, at });
      };
      sending.push(send());
    }
    await Promise.race([Promise.all(sending), failed.promise]);
    const rate = acknowledged.length / ((performance.now() - startedAt) / 1_000);
    await delay(ARRIVAL_MS);
    tail.unsubscribe();
    watch.unsubscribe();

    const counted = acknowledged
      .map((one, index) => ({ ...one, total: index + 1 }))
      .filter(({ at }) => at > startedAt + WARM_UP_MS);
    const ofTail = counted.map(({ id: eventId, at }) => waitOf(at, seenAt.get(eventId)));
    // One event of each batch stands for it.
    const ofWatch = counted
      .filter((_, index) => index % BATCH === 0)
      .map(({ at, total }) => waitOf(at, answers.find(({ events }) => events >= total)?.at));
    const rows = Object.entries({ 'events.tail': ofTail, 'analytics.watch': ofWatch }).map(([name, waits]) => [
      name,
      ...[p50(waits), p95(waits), p99(waits), Math.max(...waits)].map(toMs),
    ]);
    print(`${rate.toFixed(0)} events/s were acknowledged.`);
    print(toTable(['after the acknowledgement', 'p50', 'p95', 'p99', 'most'], rows));
    return [
      { name: 'tail p99', value: p99(ofTail), bar: { atMost: 100 }, unit: 'ms' },
      { name: 'watch p99', value: p99(ofWatch), bar: { atMost: 1_200 }, unit: 'ms' },
    ];
  },
};

/** Ms from one moment to another; 0 where it came before, since streams may be ahead of the acknowledgement. */
function waitOf(acknowledgedAt: number, seenAt: number | undefined): number {
  if (seenAt === undefined) throw new Error('an acknowledged event was never seen');
  return Math.max(0, seenAt - acknowledgedAt);
}
