import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTidemark } from '@tidemark/client';
import { databaseResource, serverResource, temporaryFolderResource } from '@tidemark/testing';
import { expect, test, vi } from 'vitest';
import type { Ingest } from '../../src/import/batch-sender.ts';
import { ImportTally } from '../../src/import/import-tally.ts';
import { type ImportOptions, runImport } from '../../src/import/run-import.ts';

// Servers start here, and start again; a loaded machine takes seconds for each.
vi.setConfig({ testTimeout: 120_000 });

const LINES = 3_000;
const CLIENTS = 25;

/** Every second line is the same as the one before. */
const log = Array.from({ length: LINES }, (_, index) => {
  const pair = Math.floor(index / 2);
  const time = new Date(Date.UTC(2024, 0, 1) + pair * 1_000).toISOString().slice(11, 19);
  return `192.0.2.${pair % CLIENTS} - - [01/Jan/2024:${time} +0000] "GET /${pair} HTTP/1.1" 200 1 "-" "agent/1"\n`;
}).join('');

async function importLog(options: Partial<ImportOptions> & { ingest: Ingest }) {
  await using folder = await temporaryFolderResource();
  const path = join(folder.path, 'access.log');
  await writeFile(path, log);
  const tally = new ImportTally();
  const outcome = await runImport({
    inputs: [{ path, format: 'combined' }],
    tally,
    batchSize: 100,
    concurrency: 4,
    patienceMs: 60_000,
    signal: new AbortController().signal,
    ...options,
  });
  return { outcome, tally };
}

test('a server killed in the middle, and receipts lost on the way, lose nothing and double nothing', async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const server = stack.use(await serverResource({ databaseUrl }));
  const { url, port, platformKey: key } = server;
  const { id } = await createTidemark({ url, key }).admin.tenants.create.mutate({ slug: 'killed', name: 'Killed' });
  const tidemark = createTidemark({ url, key, tenantId: id, retries: 0 });

  let stored = 0;
  const { outcome, tally } = await importLog({
    ingest: async (events) => {
      const answer = await tidemark.events.ingest.mutate({ events });
      stored += 1;
      if (stored === 5) {
        await server.kill();
        stack.use(await serverResource({ databaseUrl, port }));
      }
      if (stored % 7 === 0) throw new TypeError('The receipt is lost.');
      return answer;
    },
  });

  expect(outcome).toEqual({ status: 'complete' });
  expect(tally).toMatchObject({ lines: LINES, events: LINES, settled: LINES, rejected: 0, broken: 0 });
  expect(tally.duplicates).toBeGreaterThan(0);
  const { totals } = await tidemark.analytics.summary.query({
    from: '2024-01-01T00:00:00Z',
    to: '2024-01-02T00:00:00Z',
    fresh: true,
  });
  expect(totals).toMatchObject({ events: LINES, users: CLIENTS });
});

const accept: Ingest = async (events) => ({
  receipts: events.map(({ id = null, occurredAt = null }) => ({ id, occurredAt, status: 'accepted' })),
  committedAt: null,
});

test('no more requests run at a time, and no more lines are read ahead, than was allowed', async () => {
  const tally = new ImportTally();
  let running = 0;
  let mostRunning = 0;
  let mostAhead = 0;
  await importLog({
    tally,
    batchSize: 10,
    concurrency: 3,
    ingest: async (events) => {
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      mostAhead = Math.max(mostAhead, tally.events - tally.settled);
      await new Promise(setImmediate);
      running -= 1;
      return accept(events);
    },
  });
  expect(tally.accepted).toBe(LINES);
  expect(mostRunning).toBe(3);
  // Six batches sent or queued, and the one that is being gathered.
  expect(mostAhead).toBeLessThanOrEqual(70);
});

test('a refusal that will not pass ends the import at once', async () => {
  await using database = await databaseResource();
  await using server = await serverResource({ databaseUrl: database.url });
  const stranger = createTidemark({ url: server.url, key: 'no key of this server' });
  let attempts = 0;
  const { outcome, tally } = await importLog({
    concurrency: 1,
    ingest: async (events) => {
      attempts += 1;
      return attempts > 2 ? stranger.events.ingest.mutate({ events }) : accept(events);
    },
  });
  expect(outcome).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('(unauthenticated)') } });
  expect(attempts).toBe(3);
  expect(tally.accepted).toBe(200);
});

test('patience ends', async () => {
  const { outcome, tally } = await importLog({
    patienceMs: 0,
    ingest: async () => {
      throw new TypeError('No connection.');
    },
  });
  expect(outcome).toMatchObject({
    status: 'failed',
    error: { message: expect.stringContaining('given up after 1 attempt') },
  });
  expect(tally.settled).toBe(0);
});

test('an interruption lets requests under way finish, and begins none', async () => {
  const stop = new AbortController();
  let attempts = 0;
  const { outcome, tally } = await importLog({
    signal: stop.signal,
    concurrency: 2,
    ingest: async (events) => {
      attempts += 1;
      if (attempts === 4) stop.abort();
      await new Promise(setImmediate);
      return accept(events);
    },
  });
  expect(outcome).toEqual({ status: 'interrupted' });
  expect(attempts).toBe(4);
  expect(tally.accepted).toBe(400);
});
