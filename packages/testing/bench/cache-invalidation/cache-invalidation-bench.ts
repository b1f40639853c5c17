import { Redis } from 'ioredis';
import { p50, p95 } from '../../src/load/percentile.ts';
import { RedisServer } from '../../src/redis-server.ts';
import { getTestRun } from '../../src/test-run.ts';
import { type Bench, toNumber, toNumbers } from '../bench.ts';
import { toTable } from '../report/to-table.ts';
import type { Verdict } from '../report/verdict.ts';
import { openIdleKeysWay, openKeysWay, openTagSetWay } from './deleting-ways.ts';
import { openGenerationWay } from './generation-way.ts';
import type { Way } from './way.ts';

/** One size of the cache, on a redis-server of its own; each way has a database of it. */
type Side = {
  readonly count: number;
  readonly ours: Way;
  readonly keys: Way;
  /** On the same database as `keys`. */
  readonly idleKeys: Way;
  readonly tagSet: Way;
  readonly ms: Readonly<Record<'ours' | 'keys' | 'idleKeys' | 'tagSet', number[]>>;
};

/** Our invalidations beside each round of the others, of which one takes long enough. */
const PROBES = 50;

/** What it takes to invalidate one tag that everything cached depends on. */
export const cacheInvalidationBench: Bench = {
  title: 'Cache invalidation: one tag that every cached answer depends on, on a real Redis',
  options: { entries: '1000,10000,100000,1000000', rounds: '5', probes: '1000' },
  async run({ options, print }) {
    const { redisServer } = getTestRun();
    if (redisServer.missing !== undefined) throw new Error(redisServer.missing);
    await using opened = new AsyncDisposableStack();
    const sides: Side[] = [];
    for (const count of toNumbers(options.entries)) {
      const server = opened.use(await RedisServer.start(redisServer.path));
      if (sides.length === 0) print(`Redis ${await findVersion(server.url)}\n`);
      const side: Side = {
        count,
        ours: opened.use(await openGenerationWay(`${server.url}/0`)),
        keys: opened.use(openKeysWay(`${server.url}/1`)),
        idleKeys: opened.use(openIdleKeysWay(`${server.url}/1`)),
        tagSet: opened.use(openTagSetWay(`${server.url}/2`)),
        ms: { ours: [], keys: [], idleKeys: [], tagSet: [] },
      };
      await side.ours.fill(count);
      sides.push(side);
    }
    for (const { ours } of sides) await assertInvalidates(ours, 100);
    // In turn, so that whatever else the machine does meets all sizes alike.
    for (let probe = 0; probe < toNumber(options.probes); probe += 1) await probeAll(sides);
    for (let round = 0; round < toNumber(options.rounds); round += 1) {
      for (const side of sides) {
        for (const way of ['keys', 'tagSet'] as const) await timeDeleting(side, way);
        for (let probe = 0; probe < PROBES; probe += 1) await probeAll(sides);
      }
    }
    print(toTable(HEAD, sides.map(toRow)));
    return toVerdicts(sides);
  },
};

async function probeAll(sides: readonly Side[]): Promise<void> {
  for (const { ours, ms } of sides) ms.ours.push(await timed(() => ours.invalidate()));
}

async function timeDeleting(side: Side, way: 'keys' | 'tagSet'): Promise<void> {
  await side[way].fill(side.count);
  if (way === 'keys') side.ms.idleKeys.push(await timed(() => side.idleKeys.invalidate()));
  side.ms[way].push(await timed(() => side[way].invalidate()));
  if ((await side[way].countServable()) > 0) throw new Error('an answer survived');
}

async function assertInvalidates(way: Way, servable: number): Promise<void> {
  const before = await way.countServable();
  await way.invalidate();
  const after = await way.countServable();
  if (before !== servable || after !== 0) throw new Error(`${before} answers could be served before, ${after} after`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function findVersion(url: string): Promise<string> {
  const redis = new Redis(url);
  const info = await redis.info('server');
  redis.disconnect();
  return /redis_version:(\S+)/.exec(info)?.[1] ?? 'of an unknown version';
}

const HEAD = [
  'cached answers',
  'renew',
  'p95',
  'KEYS, no match',
  'KEYS + DEL',
  '÷ renew',
  'SMEMBERS + UNLINK',
  '÷ renew',
];

function toRow({ count, ms }: Side): string[] {
  const [ours, keys, tagSet] = [p50(ms.ours), p50(ms.keys), p50(ms.tagSet)];
  return [
    count.toLocaleString('en'),
    toFineMs(ours),
    toFineMs(p95(ms.ours)),
    toFineMs(p50(ms.idleKeys)),
    toFineMs(keys),
    `${(keys / ours).toFixed(0)} ×`,
    toFineMs(tagSet),
    `${(tagSet / ours).toFixed(0)} ×`,
  ];
}

function toVerdicts(sides: readonly Side[]): Verdict[] {
  const [first, last] = [sides[0], sides.at(-1)];
  if (first === undefined || last === undefined) return [];
  const growth: Verdict = {
    name: `renew at ${last.count.toLocaleString('en')} ÷ at ${first.count.toLocaleString('en')}`,
    value: p50(last.ms.ours) / p50(first.ms.ours),
    bar: { atMost: 1.5 },
  };
  const held = sides.find(({ count }) => count === 100_000);
  if (held === undefined) return [growth];
  const speedUp: Verdict = {
    name: 'KEYS + DEL ÷ renew at 100,000',
    value: p50(held.ms.keys) / p50(held.ms.ours),
    bar: { atLeast: 125 },
  };
  return [growth, speedUp];
}

/** Fractions of a millisecond count here. */
function toFineMs(ms: number): string {
  return `${ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3)} ms`;
}
