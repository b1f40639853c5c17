import { createTidemark } from '@tidemark/client';
import { generateTraffic } from '@tidemark/services';
import { databaseResource } from '../../src/database-resource.ts';
import { createLoadTenant } from '../../src/load/create-load-tenant.ts';
import { openPoster } from '../../src/load/keyed-post.ts';
import { p50, p95, toMs } from '../../src/load/percentile.ts';
import { sendFor } from '../../src/load/send-for.ts';
import { RedisServer } from '../../src/redis-server.ts';
import { type ServerResource, serverResource } from '../../src/server-resource.ts';
import { getTestRun } from '../../src/test-run.ts';
import { type Bench, type BenchContext, toNumber } from '../bench.ts';
import { toTable } from '../report/to-table.ts';
import type { Verdict } from '../report/verdict.ts';
import { measureWatchers } from './measure-watchers.ts';

const CONNECTIONS = 16;
const DAY_MS = 86_400_000;
/** About 5 KB: a week of days with their eight types. */
const QUESTION = { last: '7d', groupBy: 'type' } as const;

/** What the key, the tenant, the cache and its laws cost on top of tRPC. */
export const servingBench: Bench = {
  title: `Serving: a cached summary over ${CONNECTIONS} connections against a bare procedure with the same answer`,
  options: { seconds: '10', rounds: '3', watchers: '1000' },
  async run(context) {
    const verdicts = [await serve(context, 'embedded', undefined, 0.6)];
    const { redisServer } = getTestRun();
    if (redisServer.missing !== undefined) {
      context.print(`Without Redis: ${redisServer.missing}`);
      return verdicts;
    }
    await using redis = await RedisServer.start(redisServer.path);
    return [...verdicts, await serve(context, 'with Redis', redis.url, 0.35)];
  },
};

async function serve(
  context: BenchContext,
  name: string,
  redisUrl: string | undefined,
  atLeast: number,
): Promise<Verdict> {
  const { options, print } = context;
  await using database = await databaseResource();
  await using server = await serverResource({
    databaseUrl: database.url,
    program: 'apps/server/bench/serve.ts',
    ...(redisUrl !== undefined && { redisUrl }),
  });
  const { id, ingestKey } = await createLoadTenant(server, { slug: 'served', timeZone: 'UTC' });
  const ingest = createTidemark({ url: server.url, key: ingestKey });
  const now = Date.now();
  const events = [...generateTraffic({ seed: 1, from: now - 30 * DAY_MS, to: now, count: 10_000, users: 500 })];
  for (let at = 0; at < events.length; at += 1_000) {
    await ingest.events.ingest.mutate({ events: events.slice(at, at + 1_000) });
  }
  const platform = createTidemark({ url: server.url, key: server.platformKey, tenantId: id });
  const { secret } = await platform.admin.keys.create.mutate({ name: 'viewer', role: 'viewer' });
  const answer = await createTidemark({ url: server.url, key: secret }).analytics.summary.query(QUESTION);
  using poster = openPoster({ url: server.url, key: secret });
  await poster.post('bench.remember', JSON.stringify(answer));
  const bytes = JSON.stringify(answer).length;

  const sides = ['bench.summary', 'analytics.summary'].map((procedure) => ({
    procedure,
    rates: [] as number[],
    latencies: [] as number[],
  }));
  const rounds = toNumber(options.rounds);
  const ms = (toNumber(options.seconds) * 1_000) / rounds;
  for (const { procedure } of sides) await ask(server, secret, procedure, 1_000);
  for (let round = 0; round < rounds; round++) {
    for (const side of sides) {
      const { count, seconds, latencies } = await ask(server, secret, side.procedure, ms);
      side.rates.push(count / seconds);
      for (const latency of latencies) side.latencies.push(latency);
    }
  }
  const rows = sides.map(({ procedure, rates, latencies }) => [
    procedure === 'bench.summary' ? 'bare procedure' : 'analytics.summary, cached',
    p50(rates).toFixed(0),
    toMs(p50(latencies)),
    toMs(p95(latencies)),
  ]);
  print(`${name}, an answer of ${bytes} bytes\n${toTable(['requests/s', 'p50 of rounds', 'p50', 'p95'], rows)}`);
  const watchers = toNumber(options.watchers);
  print(`${await measureWatchers({ server, key: secret, ingestKey, watchers, question: QUESTION })}\n`);
  const [bare = Number.NaN, cached = Number.NaN] = sides.map(({ rates }) => p50(rates));
  return { name: `cached ÷ bare, ${name}`, value: cached / bare, bar: { atLeast } };
}

async function ask(server: ServerResource, key: string, procedure: string, ms: number) {
  using closing = new DisposableStack();
  const posters = Array.from({ length: CONNECTIONS }, () => closing.use(openPoster({ url: server.url, key })));
  // A query is asked for by GET, or by POST where it is said to be one.
  const query = encodeURIComponent(JSON.stringify(QUESTION));
  return await sendFor(ms, CONNECTIONS, async (connection) => {
    const text = await posters[connection]?.get(`${procedure}?input=${query}`);
    if (!text?.includes('"totals"')) throw new Error(`${procedure} answered ${text?.slice(0, 200)}`);
    return 1;
  });
}
