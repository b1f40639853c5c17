import { expect, test } from 'vitest';
import { createTidemark, type Tidemark, toTidemarkError } from '../src/index.ts';
import { UnreliableServer } from './unreliable-server.ts';

type Watched = {
  readonly ids: string[];
  readonly states: string[];
  readonly reasons: string[];
  readonly ended: Promise<unknown>;
};

/** Watches until the id is there or the stream fails; `at` runs when its id arrives. */
function watchUntil(tidemark: Tidemark, lastId: number, at: Record<number, () => void> = {}): Watched {
  const watched = { ids: [] as string[], states: [] as string[], reasons: [] as string[] };
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const subscription = tidemark.analytics.watch.subscribe(
    { last: '1h' },
    {
      onData({ id }) {
        watched.ids.push(id);
        at[Number(id)]?.();
        if (Number(id) < lastId) return;
        subscription.unsubscribe();
        resolve(undefined);
      },
      onConnectionStateChange({ state, error }) {
        watched.states.push(state);
        if (error !== null) watched.reasons.push(toTidemarkError(error).code);
      },
      onError: resolve,
    },
  );
  return { ...watched, ended: promise };
}

function idsTo(last: number): string[] {
  return Array.from({ length: last }, (_, index) => String(index + 1));
}

test('a stream carries the key', async () => {
  await using server = await UnreliableServer.start();
  await watchUntil(createTidemark({ url: server.url, key: 'secret', tenantId: 'the-tenant' }), 1).ended;
  expect(server.seen[0]?.headers).toMatchObject({ authorization: 'Bearer secret', 'x-tenant-id': 'the-tenant' });
});

test('a dropped stream resumes after the last id: none missed, none twice', async () => {
  await using server = await UnreliableServer.start();
  server.holdStreamsAfter(4);
  const drop = () => server.dropConnections();
  const watched = watchUntil(createTidemark({ url: server.url }), 12, { 4: drop, 8: drop });
  await watched.ended;
  expect(watched.ids).toEqual(idsTo(12));
  expect(server.resumedFrom).toEqual([null, '4', '8']);
  expect(watched.states.slice(0, 4)).toEqual(['connecting', 'pending', 'connecting', 'pending']);
});

test('a stream cut in the middle of a burst misses none and repeats none', async () => {
  await using server = await UnreliableServer.start();
  const watched = watchUntil(createTidemark({ url: server.url }), 60, { 7: () => server.dropConnections() });
  server.holdStreamsAfter(50);
  await watched.ended;
  expect(watched.ids).toEqual(idsTo(60));
});

test('a watch that the server ends comes back, since a watch has no end', async () => {
  await using server = await UnreliableServer.start();
  server.endStreamsAfter(2);
  const watched = watchUntil(createTidemark({ url: server.url }), 6);
  await watched.ended;
  expect(watched.ids).toEqual(idsTo(6));
  expect(server.resumedFrom).toEqual([null, '2', '4']);
});

test('a stream refused for load comes back after the pause the server asks for', async () => {
  await using server = await UnreliableServer.start();
  server.refuseNext({ code: 'rate_limited', evidence: { retryAfterMs: 5 } }, { code: 'unavailable' });
  const watched = watchUntil(createTidemark({ url: server.url }), 2);
  await watched.ended;
  expect(watched.ids).toEqual(idsTo(2));
  expect(watched.reasons).toContain('rate_limited');
  expect(watched.reasons).toContain('unavailable');
});

test('a stream ends with the refusal when the key is no longer good', async () => {
  await using server = await UnreliableServer.start();
  server.refuseNext({ code: 'unauthenticated' });
  const watched = watchUntil(createTidemark({ url: server.url }), 2);
  expect(toTidemarkError(await watched.ended)).toMatchObject({ code: 'unauthenticated', httpStatus: 401 });
  expect(server.seen).toHaveLength(1);
});

test('a stream finds its server again after a restart', async () => {
  await using server = await UnreliableServer.start();
  const restart = () => void server.close().then(() => server.listen());
  const watched = watchUntil(createTidemark({ url: server.url }), 8, { 4: restart });
  await watched.ended;
  expect(watched.ids).toEqual(idsTo(8));
});

test('a stream can be read with for await, and leaves its connection behind', async () => {
  await using server = await UnreliableServer.start();
  const ids: string[] = [];
  for await (const { id } of createTidemark({ url: server.url }).analytics.watch.subscribe({ last: '1h' })) {
    ids.push(id);
    if (ids.length === 3) break;
  }
  expect(ids).toEqual(idsTo(3));
});
