import { createTidemark } from '@tidemark/client';
import type { EventInput } from '@tidemark/schemas';
import { generateTraffic } from '@tidemark/services';
import { databaseResource } from '../../src/database-resource.ts';
import { createLoadTenant } from '../../src/load/create-load-tenant.ts';
import { type ServerResource, serverResource } from '../../src/server-resource.ts';
import { type Bench, toNumber } from '../bench.ts';
import { openPoster } from '../ingest/keyed-post.ts';
import { sendFor } from '../ingest/send-for.ts';
import { p50, p95, toMs } from '../report/percentile.ts';
import { toTable } from '../report/to-table.ts';
import type { Verdict } from '../report/verdict.ts';

const DAY_MS = 86_400_000;
/** The good tenant asks a few questions at a time; the bad one as many as may wait. */
const GOOD_CONNECTIONS = 2;
const BAD_CONNECTIONS = 32;

/** The worst that may be asked: raw rows of ninety days, looked through whole, past every cache. */
const WORST: readonly (readonly [procedure: string, input: object])[] = [
  ['analytics.breakdown', { last: '90d', by: 'property:path', limit: 500, fresh: true }],
  ['analytics.breakdown', { last: '90d', by: 'user', limit: 500, fresh: true }],
  ['analytics.summary', { last: '90d', interval: 'hour', properties: [{ path: 'path', in: ['/'] }], fresh: true }],
  ['events.list', { search: 'nothing holds this', limit: 500 }],
];
const QUESTION = { last: '7d', groupBy: 'type', fresh: true } as const;

/** What one tenant's worst questions cost another, on one server. */
export const fairnessBench: Bench = {
  title: `Fairness: a tenant's fresh summaries, alone and beside ${BAD_CONNECTIONS} connections of another's worst questions`,
  options: { seconds: '20', events: '200000' },
  async run({ options, print }) {
    await using database = await databaseResource();
    await using server = await serverResource({ databaseUrl: database.url });
    const good = await openTenant(server, 'good', 10_000);
    const bad = await openTenant(server, 'bad', toNumber(options.events));
    const ms = toNumber(options.seconds) * 1_000;
    await askGood(server, good, 2_000);
    const quiet = await askGood(server, good, ms);
    const [beside, worst] = await Promise.all([askGood(server, good, ms), askWorst(server, bad, ms)]);

    const rows = [
      ['alone', quiet],
      ['beside the other', beside],
    ] as const;
    const toRow = ([name, { latencies, failures }]: (typeof rows)[number]) => [
      name,
      String(latencies.length),
      toMs(p50(latencies)),
      toMs(p95(latencies)),
      String(failures),
    ];
    print(toTable(['the good tenant', 'answers', 'p50', 'p95', 'failures'], rows.map(toRow)));
    print(worst);
    const bound = Math.max(3 * p95(quiet.latencies), 150);
    return [
      {
        name: 'p95 beside ÷ the larger of 3 × alone and 150 ms',
        value: p95(beside.latencies) / bound,
        bar: { atMost: 1 },
      },
      { name: 'failures of the good tenant', value: beside.failures, bar: { atMost: 0 }, unit: '' },
    ] satisfies Verdict[];
  },
};

/** A tenant with events of the last ninety days, and its viewer's key. */
async function openTenant(server: ServerResource, slug: string, count: number): Promise<string> {
  const { id, ingestKey } = await createLoadTenant(server, { slug, timeZone: 'UTC' });
  const ingest = createTidemark({ url: server.url, key: ingestKey });
  const now = Date.now();
  let batch: EventInput[] = [];
  for (const event of generateTraffic({ seed: 1, from: now - 90 * DAY_MS, to: now, count, users: count / 20 })) {
    batch.push(event);
    if (batch.length < 1_000) continue;
    await ingest.events.ingest.mutate({ events: batch });
    batch = [];
  }
  const platform = createTidemark({ url: server.url, key: server.platformKey, tenantId: id });
  return (await platform.admin.keys.create.mutate({ name: 'viewer', role: 'viewer' })).secret;
}

async function askGood(server: ServerResource, key: string, ms: number) {
  using closing = new DisposableStack();
  const posters = Array.from({ length: GOOD_CONNECTIONS }, () => closing.use(openPoster({ url: server.url, key })));
  const query = encodeURIComponent(JSON.stringify(QUESTION));
  let failures = 0;
  const { latencies } = await sendFor(ms, GOOD_CONNECTIONS, async (connection) => {
    await posters[connection]?.get(`analytics.summary?input=${query}`).catch(() => {
      failures += 1;
    });
    return 1;
  });
  return { latencies, failures };
}

/** Asks on whatever is answered, and tells what was. */
async function askWorst(server: ServerResource, key: string, ms: number): Promise<string> {
  using closing = new DisposableStack();
  const posters = Array.from({ length: BAD_CONNECTIONS }, () => closing.use(openPoster({ url: server.url, key })));
  const outcomes = new Map<string, number>();
  let turn = 0;
  const { latencies } = await sendFor(ms, BAD_CONNECTIONS, async (connection) => {
    const [procedure, input] = WORST[turn++ % WORST.length] ?? WORST[0] ?? ['', {}];
    const path = `${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`;
    const outcome = await posters[connection]?.get(path).then(
      () => 'answered',
      (error: unknown) => /"code":"(\w+)"/.exec(String(error))?.[1] ?? 'failed',
    );
    outcomes.set(outcome ?? '', (outcomes.get(outcome ?? '') ?? 0) + 1);
    return 1;
  });
  const told = Array.from(outcomes, ([outcome, count]) => `${count} ${outcome}`).join(', ');
  return `The other: ${told}; p50 ${toMs(p50(latencies))}, p95 ${toMs(p95(latencies))}`;
}
