import { describeWithRedisServer, RedisServer } from '@tidemark/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CacheWorld, type CacheWorldOptions } from './cache-world.ts';

const RUNS = 100;

/** Around the edge of a month, so that days, a month and a year are among what answers depend on. */
const DAYS = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02'] as const;
const RANGES = [
  ...DAYS.map((day) => ({ from: `${day}T00:00:00.000Z`, to: `${day}T23:59:59.000Z` })),
  { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' },
  { from: '2026-10-31T12:00:00.000Z', to: '2026-11-02T00:00:00.000Z' },
  { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' },
];

type Command =
  | { readonly kind: 'write' | 'retry' | 'ask'; readonly server: number; readonly key: string; readonly place: number }
  | { readonly kind: 'abandon'; readonly server: number; readonly place: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'flush' };

const server = fc.nat({ max: 1 });
const place = fc.nat({ max: 11 });
const writer = fc.constantFrom('a writer', 'another writer');
const reader = fc.constantFrom('a writer', 'another writer', 'viewer', 'viewer');

function commandArbitrary(canFlush: boolean): fc.Arbitrary<Command> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), server, key: writer, place }) },
    { weight: 10, arbitrary: fc.record({ kind: fc.constant('ask' as const), server, key: reader, place }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('retry' as const), server, key: writer, place }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('abandon' as const), server, place }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(1, 400, 501, 1_001, 3_000) }),
    },
    ...(canFlush ? [{ weight: 1, arbitrary: fc.constant({ kind: 'flush' as const }) }] : []),
  );
}

type Seen = Record<'hit' | 'miss' | 'behind' | 'abandoned' | 'retried', number>;

async function run(world: CacheWorld, commands: readonly Command[], flush: () => Promise<void>): Promise<Seen> {
  const seen: Seen = { hit: 0, miss: 0, behind: 0, abandoned: 0, retried: 0 };
  await world.begin();
  for (const command of commands) {
    if (command.kind === 'pass') world.pass(command.ms);
    else if (command.kind === 'flush') await flush();
    else await act(world, command, seen);
  }
  return seen;
}

type Action = Exclude<Command, { readonly kind: 'pass' | 'flush' }>;

async function act(world: CacheWorld, command: Action, seen: Seen): Promise<void> {
  const occurredAt = `${DAYS[command.place % DAYS.length]}T09:30:00.000Z`;
  if (command.kind === 'ask') return await ask(world, command, seen);
  if (command.kind === 'write') return await world.write(command.server, command.key, occurredAt);
  if (command.kind === 'abandon') {
    seen.abandoned += 1;
    return await world.abandon(command.server, occurredAt);
  }
  seen.retried += 1;
  await world.retry(command.server, command.key);
}

async function ask(
  world: CacheWorld,
  command: Exclude<Action, { readonly kind: 'abandon' }>,
  seen: Seen,
): Promise<void> {
  const range = RANGES[command.place % RANGES.length] ?? RANGES[0];
  if (range === undefined) throw new Error('there is a range');
  const { least, most } = world.bounds(command.key, range);
  const { totals, meta } = await world.ask(command.server, command.key, range);
  expect(totals.events, `${command.key} is behind`).toBeGreaterThanOrEqual(least);
  expect(totals.events, 'made up').toBeLessThanOrEqual(most);
  expect(meta.exact).toBe(true);
  if (meta.cache.status === 'hit' || meta.cache.status === 'miss') seen[meta.cache.status] += 1;
  seen.behind += Number(totals.events < most);
}

async function holdsFor(options: CacheWorldOptions, flush?: () => Promise<void>): Promise<void> {
  await using world = await CacheWorld.open(options);
  const total: Seen = { hit: 0, miss: 0, behind: 0, abandoned: 0, retried: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(commandArbitrary(flush !== undefined), { minLength: 8, maxLength: 40 }),
      async (commands) => {
        const seen = await run(world, commands, flush ?? (async () => {}));
        for (const name of Object.keys(total) as (keyof Seen)[]) total[name] += seen[name];
      },
    ),
    { numRuns: RUNS },
  );
  // Without answers from the cache, some of them a little behind, the laws would hold for nothing.
  for (const [name, count] of Object.entries(total)) expect(count, name).toBeGreaterThan(RUNS / 20);
}

const LAW = 'everyone reads their own writes, and nobody is a second behind anyone’s';

test(`${LAW}: one server`, { timeout: 300_000 }, () => holdsFor({ servers: 1, isOnlyServer: true }));

test(`${LAW}: two servers that share nothing but the database`, { timeout: 300_000 }, () => holdsFor({ servers: 2 }));

describeWithRedisServer('with Redis', ({ path }) => {
  test(`${LAW}: two servers that share it, now and then flushed`, { timeout: 300_000 }, async () => {
    await using redis = await RedisServer.start(path);
    await holdsFor({ servers: 2, redisUrl: redis.url }, () => redis.flush());
  });
});
