import { setTimeout as delay } from 'node:timers/promises';
import { auditTenant } from '../../src/audit/audit-tenant.ts';
import { databaseResource } from '../../src/database-resource.ts';
import { createLoadTenant, type LoadTenant } from '../../src/load/create-load-tenant.ts';
import { openPoster } from '../../src/load/keyed-post.ts';
import { p50, p95, p99, toMs } from '../../src/load/percentile.ts';
import { type Sent, sendFor } from '../../src/load/send-for.ts';
import { Oracle } from '../../src/oracle/oracle.ts';
import { type ServerResource, serverResource } from '../../src/server-resource.ts';
import { type Bench, type BenchContext, toNumber } from '../bench.ts';
import { toTable } from '../report/to-table.ts';
import type { Verdict } from '../report/verdict.ts';
import { openBareInsert } from './bare-insert.ts';
import { makeLiveEvents } from './live-events.ts';

const SENDERS = 4;
const BATCH = 500;
const CONCURRENCY = 64;
const DRAIN_POLL_MS = 25;

/** One side of the comparison: events, or requests, per second of each round. */
type Side = {
  readonly name: string;
  run(ms: number): Promise<Sent>;
  readonly rates: number[];
  readonly latencies: number[];
};

/** How much of the database's own speed is left after HTTP, deduplication and rollups. */
export const ingestBench: Bench = {
  title: `Ingest over HTTP: ${SENDERS} connections with batches of ${BATCH}, and single events at concurrency ${CONCURRENCY}`,
  options: { seconds: '60', rounds: '3', users: '100000', audit: '1' },
  async run(context) {
    await using database = await databaseResource();
    await using server = await serverResource({ databaseUrl: database.url, program: 'apps/server/bench/serve.ts' });
    await using oracle = await Oracle.open(database.url);
    const tenant = await createLoadTenant(server, { slug: 'whole', timeZone: 'UTC' });
    const only = await createLoadTenant(server, { slug: 'only', timeZone: 'UTC' });
    const single = await createLoadTenant(server, { slug: 'single', timeZone: 'UTC' });
    const users = toNumber(context.options.users);

    await using closing = new AsyncDisposableStack();
    const bare = await Promise.all(
      Array.from({ length: SENDERS }, async () => closing.use(await openBareInsert(database.url))),
    );
    const batches: Side[] = [
      {
        name: 'bare INSERT … unnest, through pg',
        run: (ms) =>
          sendFor(ms, SENDERS, async (sender) => (await bare[sender]?.insert(makeLiveEvents(BATCH, users))) ?? 0),
        rates: [],
        latencies: [],
      },
      {
        name: 'events only, over HTTP',
        run: batchesTo(server, only, 'bench.ingestEventsOnly', users),
        rates: [],
        latencies: [],
      },
      {
        name: 'ingest, over HTTP, folded',
        run: async (ms) => {
          const startedAt = performance.now();
          const { count, latencies } = await batchesTo(server, tenant, 'events.ingest', users)(ms);
          await untilFolded(oracle, tenant);
          return { count, latencies, seconds: (performance.now() - startedAt) / 1_000 };
        },
        rates: [],
        latencies: [],
      },
    ];
    const singles: Side[] = [
      { name: 'no-op mutation', run: requestsTo(server, single, 'bench.noop', () => '{}'), rates: [], latencies: [] },
      {
        name: 'ingest of one event',
        run: requestsTo(server, single, 'events.ingest', () => JSON.stringify({ events: makeLiveEvents(1, users) })),
        rates: [],
        latencies: [],
      },
    ];
    // First, since PostgreSQL vacuums and analyses for minutes what the batches leave.
    const [noop, one] = await measure(context, singles, 'requests/s');
    const [inserted, stored, ingested] = await measure(context, batches, 'events/s');
    if (context.options.audit !== '0') await audit(context, oracle, [tenant, single]);
    return [
      toVerdict('ingest ÷ bare insert', ingested, inserted, 0.3),
      toVerdict('ingest ÷ events only', ingested, stored, 0.6),
      toVerdict('single events ÷ no-op', one, noop, 0.6),
    ];
  },
};

/** Runs the sides in turn, each for its share of the time, and prints what they reached. */
async function measure({ options, print }: BenchContext, sides: readonly Side[], unit: string): Promise<number[]> {
  const rounds = toNumber(options.rounds);
  const ms = (toNumber(options.seconds) * 1_000) / rounds;
  for (const side of sides) await side.run(Math.min(ms, 2_000));
  for (let round = 0; round < rounds; round++) {
    for (const side of sides) {
      const { count, seconds, latencies } = await side.run(ms);
      side.rates.push(count / seconds);
      for (const latency of latencies) side.latencies.push(latency);
    }
  }
  const rows = sides.map(({ name, rates, latencies }) => [
    name,
    ...[p50(rates), Math.min(...rates), Math.max(...rates)].map((rate) => rate.toFixed(0)),
    ...[p50(latencies), p95(latencies), p99(latencies)].map(toMs),
  ]);
  print(`${toTable([unit, 'p50 of rounds', 'least', 'most', 'answer p50', 'p95', 'p99'], rows)}\n`);
  return sides.map(({ rates }) => p50(rates));
}

function batchesTo(server: ServerResource, { ingestKey }: LoadTenant, procedure: string, users: number): Side['run'] {
  return async (ms) => {
    using closing = new DisposableStack();
    const posters = Array.from({ length: SENDERS }, () => closing.use(openPoster({ url: server.url, key: ingestKey })));
    return await sendFor(ms, SENDERS, async (sender) => {
      const text = await posters[sender]?.post(procedure, JSON.stringify({ events: makeLiveEvents(BATCH, users) }));
      return countAccepted(text);
    });
  };
}

function requestsTo(
  server: ServerResource,
  { ingestKey }: LoadTenant,
  procedure: string,
  makeBody: () => string,
): Side['run'] {
  return async (ms) => {
    using closing = new DisposableStack();
    const posters = Array.from({ length: CONCURRENCY }, () =>
      closing.use(openPoster({ url: server.url, key: ingestKey })),
    );
    return await sendFor(ms, CONCURRENCY, async (sender) => {
      await posters[sender]?.post(procedure, makeBody());
      return 1;
    });
  };
}

/** Throws where an event of ours was not taken: they are all new. */
function countAccepted(text = ''): number {
  const accepted = text.split('"status":"accepted"').length - 1;
  if (accepted !== BATCH) throw new Error(`of ${BATCH} events ${accepted} were accepted: ${text.slice(0, 300)}`);
  return accepted;
}

async function untilFolded(oracle: Oracle, { id }: LoadTenant): Promise<void> {
  for (;;) {
    const rows = await oracle.ask('SELECT FROM user_log WHERE tenant_id = $1 LIMIT 1', [id]);
    if (rows.length === 0) return;
    await delay(DRAIN_POLL_MS);
  }
}

async function audit({ print }: BenchContext, oracle: Oracle, tenants: readonly LoadTenant[]): Promise<void> {
  for (const { id } of tenants) {
    const flaws = await auditTenant(oracle, { tenantId: id });
    if (flaws.length > 0) throw new Error(`what was ingested is not right: ${flaws.join('; ')}`);
  }
  print('The audit holds: events, counts, users and commits agree.');
}

function toVerdict(name: string, ours = 0, theirs = 1, atLeast = 0): Verdict {
  return { name, value: ours / theirs, bar: { atLeast } };
}
