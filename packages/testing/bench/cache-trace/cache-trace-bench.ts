import { setTimeout as delay } from 'node:timers/promises';
import { createTidemark } from '@tidemark/client';
import { generateTraffic } from '@tidemark/services';
import { databaseResource } from '../../src/database-resource.ts';
import { createLoadTenant } from '../../src/load/create-load-tenant.ts';
import { p50, p95, toMs } from '../../src/load/percentile.ts';
import { serverResource } from '../../src/server-resource.ts';
import { type Bench, toNumber } from '../bench.ts';
import { toTable } from '../report/to-table.ts';
import { type Answered, CommitOracle } from './commit-oracle.ts';
import { EVENTS_PER_SECOND, INGEST_EVERY_MS, makeTrace, PANELS, REFRESH_MS, VIEWERS } from './trace.ts';

const HISTORY_DAYS = 60;
const DAY_MS = 86_400_000;
/** What nobody may be behind. */
const BEHIND_MS = 1_000;
const BATCH = (EVENTS_PER_SECOND * INGEST_EVERY_MS) / 1_000;

type Asked = Omit<Answered, 'leastSeq'> & { readonly askedAt: number; readonly tookMs: number };

/** How often people who look at the same pages while events arrive are answered without a computation. */
export const cacheTraceBench: Bench = {
  title: `Cache: ${VIEWERS} viewers of ${PANELS.length} panels, refreshed every ${REFRESH_MS / 1_000} s, while ${EVENTS_PER_SECOND} events/s arrive`,
  options: { seconds: '60', history: '20000', redis: '' },
  async run({ options, print }) {
    await using database = await databaseResource();
    const { redis: redisUrl = '' } = options;
    await using server = await serverResource({ databaseUrl: database.url, ...(redisUrl !== '' && { redisUrl }) });
    const tenant = await createLoadTenant(server, { slug: 'watched', timeZone: 'UTC' });
    const platform = createTidemark({ url: server.url, key: server.platformKey, tenantId: tenant.id });
    const { secret } = await platform.admin.keys.create.mutate({ name: 'viewer', role: 'viewer' });
    const viewers = createTidemark({ url: server.url, key: secret });
    const ingest = createTidemark({ url: server.url, key: tenant.ingestKey });

    const seconds = toNumber(options.seconds);
    const now = Date.now();
    const span = { from: now - HISTORY_DAYS * DAY_MS, to: now };
    const history = [...generateTraffic({ seed: 1, ...span, count: toNumber(options.history), users: 2_000 })];
    for (let at = 0; at < history.length; at += 1_000) {
      await ingest.events.ingest.mutate({ events: history.slice(at, at + 1_000) });
    }
    const arriving = [...generateTraffic({ seed: 2, ...span, count: seconds * EVENTS_PER_SECOND, users: 2_000 })];
    const before = await platform.admin.cacheStats.query();

    const acknowledged: { readonly id: string; readonly at: number }[] = [];
    const asked: Asked[] = [];
    const send = async (batch: number) => {
      const events = arriving.slice(batch * BATCH, (batch + 1) * BATCH);
      // One in fifty is a day late; the rest is of this moment.
      const occurredAt = new Date(Date.now() - (batch % 5 === 0 ? DAY_MS : 0)).toISOString();
      const { receipts } = await ingest.events.ingest.mutate({
        events: events.map((event, place) =>
          place === 0 ? { ...event, occurredAt } : { ...event, occurredAt: new Date().toISOString() },
        ),
      });
      acknowledged.push({ id: receipts[0]?.id ?? '', at: performance.now() });
    };
    const ask = async (panel: (typeof PANELS)[number]) => {
      const askedAt = performance.now();
      const answer =
        panel.asks === 'summary'
          ? await viewers.analytics.summary.query(panel.input)
          : await viewers.analytics.breakdown.query(panel.input);
      asked.push({ panel, answer, askedAt, tookMs: performance.now() - askedAt });
    };
    await play(seconds, { send, refresh: () => Promise.all(PANELS.map(ask)) });
    const after = await platform.admin.cacheStats.query();

    await using oracle = await CommitOracle.open(database.url, tenant.id);
    const seqs: { at: number; seq: number }[] = [];
    for (const { id, at } of acknowledged) seqs.push({ at, seq: await oracle.seqOf(id) });
    let wrong = 0;
    for (const { panel, answer, askedAt } of asked) {
      const due = seqs.filter(({ at }) => at < askedAt - BEHIND_MS).map(({ seq }) => seq);
      if (!(await oracle.isRight({ panel, answer, leastSeq: Math.max(0, ...due) }))) wrong += 1;
    }
    if (wrong > 0)
      throw new Error(`${wrong} of ${asked.length} answers are not brute force's after any commit they may be of`);

    const commits = after.invalidations - before.invalidations;
    const computations = after.computations - before.computations;
    const statuses = ['hit', 'stale', 'miss'] as const;
    const rows = statuses.map((status) => {
      const ofStatus = asked.filter(({ answer }) => answer.meta.cache.status === status);
      const times = ofStatus.map(({ tookMs }) => tookMs);
      const shown = times.length === 0 ? ['–', '–'] : [toMs(p50(times)), toMs(p95(times))];
      return [status, String(ofStatus.length), ...shown];
    });
    print(toTable(['answers', 'count', 'p50', 'p95'], rows));
    print(`\nEvery answer (${oracle.compared} different ones) equals brute force after a commit it may be of.`);
    print(`${commits} commits, ${computations} computations: ${(computations / commits).toFixed(2)} a commit.`);
    const hits = asked.filter(({ answer }) => answer.meta.cache.status === 'hit').length;
    return [{ name: 'hits ÷ answers', value: (100 * hits) / asked.length, bar: { atLeast: 87.5 }, unit: '%' }];
  },
};

/** Plays the trace in real time; a step that takes longer than its turn does not hold up the next. */
async function play(
  seconds: number,
  { send, refresh }: { send(batch: number): Promise<unknown>; refresh(): Promise<unknown> },
): Promise<void> {
  const startedAt = performance.now();
  const running: Promise<unknown>[] = [];
  for (const step of makeTrace(seconds)) {
    const waitMs = step.at - (performance.now() - startedAt);
    if (waitMs > 0) await delay(waitMs);
    running.push(step.does === 'ingest' ? send(step.batch) : refresh());
  }
  await Promise.all(running);
}
