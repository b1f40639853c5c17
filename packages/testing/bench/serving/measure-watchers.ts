import { readFile } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { SummaryInput } from '@tidemark/schemas';
import { openPoster } from '../../src/load/keyed-post.ts';
import type { ServerResource } from '../../src/server-resource.ts';
import { makeLiveEvents } from '../ingest/live-events.ts';

const TICKS = 10;
const TICK_MS = 1_500;
/** Linux counts a process's time in hundredths of a second. */
const MS_PER_CLOCK_TICK = 10;

export type WatchersOptions = {
  readonly server: ServerResource;
  readonly key: string;
  readonly ingestKey: string;
  readonly watchers: number;
  /** A summary's input. */
  readonly question: SummaryInput;
};

/** What a change costs the server that many watch: one commit, one computation, as many messages as watchers. */
export async function measureWatchers(options: WatchersOptions): Promise<string> {
  const { server, key, ingestKey, watchers, question } = options;
  const input = encodeURIComponent(JSON.stringify(question));
  const agent = new Agent({ keepAlive: true, maxSockets: watchers });
  const counts = Array.from({ length: watchers }, () => 0);
  const responses = await Promise.all(
    counts.map((_, place) =>
      watch(`${server.url}/trpc/analytics.watch?input=${input}`, key, agent, () => {
        counts[place] = (counts[place] ?? 0) + 1;
      }),
    ),
  );
  const total = () => counts.reduce((sum, count) => sum + count, 0);
  while (Math.min(...counts) < 1) await delay(50);
  using poster = openPoster({ url: server.url, key: ingestKey });
  const [cpuBefore, messagesBefore] = [await readCpuMs(server.pid), total()];
  for (let tick = 0; tick < TICKS; tick++) {
    await poster.post('events.ingest', JSON.stringify({ events: makeLiveEvents(1, 100) }));
    await delay(TICK_MS);
  }
  const cpuMs = (await readCpuMs(server.pid)) - cpuBefore;
  const messages = total() - messagesBefore;
  for (const response of responses) response.destroy();
  agent.destroy();
  const perTick = (cpuMs / TICKS).toFixed(0);
  const perMessage = ((1_000 * cpuMs) / messages).toFixed(0);
  return `${watchers} watchers: ${perTick} ms of CPU a tick, ${perMessage} µs a message (${messages} messages in ${TICKS} ticks)`;
}

function watch(url: string, key: string, agent: Agent, onMessage: () => void): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = get(url, { agent, headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' } });
  request.on('error', reject).on('response', (response) => {
    if (response.statusCode !== 200) return reject(new Error(`a watch was answered ${response.statusCode}`));
    response.setEncoding('utf8').on('data', (text: string) => {
      for (const _ of text.matchAll(/^id: /gm)) onMessage();
    });
    response.on('error', () => {});
    resolve(response);
  });
  return promise;
}

/** The processor time a process has used, in user and system mode. */
async function readCpuMs(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_CLOCK_TICK;
}
