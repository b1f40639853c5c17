import { type SummaryInput, summaryInputSchema, type WatchManyInput, watchManyInputSchema } from '@tidemark/schemas';
import { ingestEvents, type TenantContext, watchSummaries, watchSummary } from '@tidemark/services';
import { type ServicesResource, servicesResource } from '@tidemark/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LiveQuery } from '../src/live/live-query.ts';

let services: ServicesResource;
beforeEach(async () => {
  services = await servicesResource();
});
afterEach(() => services[Symbol.asyncDispose]());

const watch = (ctx: TenantContext, input: SummaryInput, signal: AbortSignal) =>
  watchSummary(ctx, summaryInputSchema.parse(input), signal);

async function next<Value>(answers: AsyncGenerator<Value>): Promise<Value> {
  const result = await answers.next();
  if (result.done === true) throw new Error('the stream ended');
  return result.value;
}

test('a watch answers at once, and again after a commit', async () => {
  const ctx = await services.tenantContext();
  const stop = new AbortController();
  const answers = watch(ctx, { last: '15m' }, stop.signal);
  const first = await next(answers);
  expect(first.summary.totals.events).toBe(0);

  await ingestEvents(ctx, {
    events: [
      { type: 'view', userId: 'ada' },
      { type: 'view', userId: 'ada' },
    ],
  });
  const second = await next(answers);
  expect(second.summary.totals).toEqual({ events: 2, users: 1 });
  expect(Number(second.id)).toBeGreaterThan(Number(first.id));

  stop.abort();
  expect((await answers.next()).done).toBe(true);
  expect(services.resources.summaryHub.size).toBe(0);
});

test('watchers of one question share one computation, however it is written', async () => {
  const ctx = await services.tenantContext();
  const stop = new AbortController();
  const ways: SummaryInput[] = [
    { last: '1h', types: ['a', 'b'] },
    { types: ['b', 'a', 'b'], last: '1h' },
    { last: '1h', types: ['a', 'b'], timeZone: ctx.tenant.timeZone },
    { last: '1h', types: ['a', 'b'], groupLimit: 3 },
  ];
  const streams = Array.from({ length: 20 }, (_, index) =>
    watch(ctx, ways[index % ways.length] as SummaryInput, stop.signal),
  );
  const answers = await Promise.all(streams.map(next));
  expect(services.resources.summaryHub.size).toBe(1);
  // One object: it was computed once, not twenty times.
  expect(new Set(answers.map(({ summary }) => summary)).size).toBe(1);
  stop.abort();
  await Promise.all(streams.map((stream) => stream.return(undefined)));
  expect(services.resources.summaryHub.size).toBe(0);
});

test('another tenant’s commits wake nobody', async () => {
  const mine = await services.tenantContext();
  const theirs = await services.tenantContext();
  const stop = new AbortController();
  const answers = watch(mine, { last: '1h' }, stop.signal);
  await next(answers);
  await ingestEvents(theirs, { events: [{ type: 'view' }] });
  await ingestEvents(mine, { events: [{ type: 'view' }] });
  expect((await next(answers)).summary.totals.events).toBe(1);
  stop.abort();
  await answers.return(undefined);
});

test('a stream ends once its credential does', async () => {
  const ctx = await services.tenantContext();
  let isAllowed = true;
  const stop = new AbortController();
  const answers = watch({ ...ctx, isStillAllowed: async () => isAllowed }, { last: '1h' }, stop.signal);
  await next(answers);
  isAllowed = false;
  await ingestEvents(ctx, { events: [{ type: 'view' }] });
  await expect(answers.next()).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('a tenant watches so many different questions, and as often as it likes those that are watched', async () => {
  const ctx = await services.tenantContext();
  const stop = new AbortController();
  const streams: ReturnType<typeof watch>[] = [];
  const ask = (count: number) => watch(ctx, { last: '1h', userId: `user ${count}` }, stop.signal);
  for (let count = 0; count < 200; count += 1) {
    const stream = ask(count);
    streams.push(stream);
    // Its first answer need not be there.
    stream.next().catch(() => {});
  }
  await expect(ask(200).next()).rejects.toMatchObject({ code: 'overloaded', evidence: { questions: 200 } });
  const again = ask(7);
  streams.push(again);
  expect((await next(again)).summary.totals.events).toBe(0);
  stop.abort();
  await Promise.all(streams.map((stream) => stream.return(undefined)));
  expect(services.resources.summaryHub.size).toBe(0);
});

test('a question that cannot be answered is refused before it is shared', async () => {
  const ctx = await services.tenantContext();
  const stop = new AbortController();
  const tooFine = { from: '2020-01-01T00:00:00Z', to: '2024-01-01T00:00:00Z', interval: 'minute' as const };
  await expect(watch(ctx, tooFine, stop.signal).next()).rejects.toMatchObject({ code: 'too_many_buckets' });
  expect(services.resources.summaryHub.size).toBe(0);
});

test('a slow watcher skips to the newest answer', async () => {
  let computed = 0;
  let change = () => {};
  const live = new LiveQuery<number>(
    async () => {
      computed += 1;
      return computed;
    },
    (changed) => {
      change = changed;
      return { ready: Promise.resolve(), unsubscribe: () => {} };
    },
  );
  const stop = new AbortController();
  const fast = live.watch(stop.signal);
  const slow = live.watch(stop.signal);
  expect([await next(fast), await next(slow)]).toEqual([1, 1]);
  change();
  expect(await next(fast)).toBe(2);
  change();
  expect(await next(fast)).toBe(3);
  expect(await next(slow)).toBe(3);
  stop.abort();
  await Promise.all([fast.return(undefined), slow.return(undefined)]);
  expect(live.watchers).toBe(0);
});

test('a first answer that fails is told, and later ones keep the last', async () => {
  let isBroken = true;
  let change = () => {};
  const live = new LiveQuery<string>(
    async () => {
      if (isBroken) throw new Error('the database is away');
      return 'an answer';
    },
    (changed) => {
      change = changed;
      return { ready: Promise.resolve(), unsubscribe: () => {} };
    },
  );
  const stop = new AbortController();
  await expect(live.watch(stop.signal).next()).rejects.toThrow('the database is away');
  isBroken = false;
  const answers = live.watch(stop.signal);
  expect(await next(answers)).toBe('an answer');
  isBroken = true;
  change();
  isBroken = false;
  change();
  expect(await next(answers)).toBe('an answer');
  stop.abort();
  await answers.return(undefined);
});

const watchMany = (ctx: TenantContext, input: WatchManyInput, signal: AbortSignal) =>
  watchSummaries(ctx, watchManyInputSchema.parse(input), signal);

test('many questions share one stream, each answered by its key', async () => {
  const ctx = await services.tenantContext();
  const stop = new AbortController();
  const queries = [
    { key: 'views', input: { last: '1h' as const, types: ['view'] } },
    { key: 'all', input: { last: '1h' as const } },
  ];
  const answers = watchMany(ctx, { queries }, stop.signal);
  const first = [await next(answers), await next(answers)];
  expect(first.map(({ key }) => key).sort()).toEqual(['all', 'views']);
  expect(services.resources.openStreams.count(ctx.tenant.id)).toBe(1);

  await ingestEvents(ctx, { events: [{ type: 'view' }, { type: 'click' }] });
  const second = [await next(answers), await next(answers)];
  const events = Object.fromEntries(second.map(({ key, summary }) => [key, summary.totals.events]));
  expect(events).toEqual({ views: 1, all: 2 });
  stop.abort();
  expect((await answers.next()).done).toBe(true);
  expect(services.resources.summaryHub.size).toBe(0);
  expect(services.resources.openStreams.count(ctx.tenant.id)).toBe(0);
});

test('one question that cannot be answered ends the stream, and the others are left', async () => {
  const ctx = await services.tenantContext();
  const queries = [
    { key: 'good', input: { last: '1h' as const } },
    { key: 'bad', input: { from: '2020-01-01T00:00:00Z', to: '2024-01-01T00:00:00Z', interval: 'minute' as const } },
  ];
  const answers = watchMany(ctx, { queries }, new AbortController().signal);
  const readAll = async () => {
    for await (const { key } of answers) expect(key).toBe('good');
  };
  await expect(readAll()).rejects.toMatchObject({ code: 'too_many_buckets' });
  expect(services.resources.summaryHub.size).toBe(0);
});

test('a stream refuses no question, too many, and one key twice', () => {
  const input = { last: '1h' as const };
  const isAllowed = (keys: string[]) =>
    watchManyInputSchema.safeParse({ queries: keys.map((key) => ({ key, input })) }).success;
  expect(isAllowed(['a', 'b'])).toBe(true);
  expect(isAllowed([])).toBe(false);
  expect(isAllowed(['a', 'a'])).toBe(false);
  expect(isAllowed(Array.from({ length: 17 }, (_, index) => `q${index}`))).toBe(false);
});
