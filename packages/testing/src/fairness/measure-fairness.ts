import { createTidemark } from '@tidemark/client';
import type { EventInput } from '@tidemark/schemas';
import { generateTraffic } from '@tidemark/services';
import { createLoadTenant } from '../load/create-load-tenant.ts';
import { openPoster } from '../load/keyed-post.ts';
import { sendFor } from '../load/send-for.ts';
import type { ServerResource } from '../server-resource.ts';

const DAY_MS = 86_400_000;
const WARM_UP_MS = 2_000;
const GOOD_EVENTS = 10_000;
/** The good tenant asks a few questions at a time; the bad one as many as may wait. */
const GOOD_CONNECTIONS = 2;
export const BAD_CONNECTIONS = 32;

/** The worst that may be asked: raw rows of ninety days, looked through whole, past every cache. */
const WORST: readonly (readonly [procedure: string, input: object])[] = [
  ['analytics.breakdown', { last: '90d', by: 'property:path', limit: 500, fresh: true }],
  ['analytics.breakdown', { last: '90d', by: 'user', limit: 500, fresh: true }],
  ['analytics.summary', { last: '90d', interval: 'hour', properties: [{ path: 'path', in: ['/'] }], fresh: true }],
  ['events.list', { search: 'nothing holds this', limit: 500 }],
];
const QUESTION = { last: '7d', groupBy: 'type', fresh: true } as const;

/** What became of a tenant's questions: how long each took in ms, and how many were not answered. */
export type Asked = { readonly latencies: readonly number[]; readonly failures: number };

export type Fairness = {
  readonly alone: Asked;
  readonly beside: Asked;
  /** What became of the worst questions, by outcome, and how long each took in ms. */
  readonly worst: { readonly outcomes: ReadonlyMap<string, number>; readonly latencies: readonly number[] };
};

export type FairnessOptions = {
  /** How long each of the two is measured. */
  readonly ms: number;
  /** Of the tenant that asks the worst. */
  readonly events: number;
};

/** One tenant's fresh summaries on a server, alone and then beside another tenant's worst questions. */
export async function measureFairness(server: ServerResource, { ms, events }: FairnessOptions): Promise<Fairness> {
  const good = await openTenant(server, 'good', GOOD_EVENTS);
  const bad = await openTenant(server, 'bad', events);
  await askGood(server, good, WARM_UP_MS);
  const alone = await askGood(server, good, ms);
  const [beside, worst] = await Promise.all([askGood(server, good, ms), askWorst(server, bad, ms)]);
  return { alone, beside, worst };
}

/** A tenant with events of the last ninety days, and its viewer's key. */
async function openTenant(server: ServerResource, slug: string, count: number): Promise<string> {
  const { id, ingestKey } = await createLoadTenant(server, { slug, timeZone: 'UTC' });
  const ingest = createTidemark({ url: server.url, key: ingestKey });
  const now = Date.now();
  let batch: EventInput[] = [];
  const send = async () => {
    await ingest.events.ingest.mutate({ events: batch });
    batch = [];
  };
  for (const event of generateTraffic({ seed: 1, from: now - 90 * DAY_MS, to: now, count, users: count / 20 })) {
    batch.push(event);
    if (batch.length === 1_000) await send();
  }
  if (batch.length > 0) await send();
  const platform = createTidemark({ url: server.url, key: server.platformKey, tenantId: id });
  return (await platform.admin.keys.create.mutate({ name: 'viewer', role: 'viewer' })).secret;
}

async function askGood(server: ServerResource, key: string, ms: number): Promise<Asked> {
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

/** Asks on whatever is answered. */
async function askWorst(server: ServerResource, key: string, ms: number): Promise<Fairness['worst']> {
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
  return { outcomes, latencies };
}
