import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabase, migrateDatabase, startEmbeddedPostgres } from '@tidemark/database';
import { assertNoSurvivors } from './assert-no-survivors.ts';
import { redisUrl } from './env.ts';
import { findExecutable } from './find-executable.ts';
import { RedisServer } from './redis-server.ts';
import { makeRunFolder, sweepRunFolders } from './run-folder.ts';
import type { Found, TestRun } from './test-run.ts';

const TEMPLATE_DATABASE = 'template_migrated';

export type StartedTestRun = AsyncDisposable & { readonly testRun: TestRun };

/** What a run shares: one disposable PostgreSQL with a migrated template, one Redis, and a look for Chromium. */
export async function startTestRun({ durable }: { readonly durable: boolean }): Promise<StartedTestRun> {
  await using resources = new AsyncDisposableStack();
  await sweepRunFolders();
  const { id, folder } = await makeRunFolder();
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  resources.defer(() => assertNoSurvivors({ id, folder }));

  const postgres = resources.use(await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), durable }));
  await migrateDatabase({ url: await createDatabase({ url: postgres.url, name: TEMPLATE_DATABASE }) });

  const redisServer = find('redis-server', ['redis-server']);
  const testRun: TestRun = {
    id,
    folder,
    postgresUrl: postgres.url,
    templateDatabase: TEMPLATE_DATABASE,
    redis: await provideRedis(redisServer, folder, resources),
    redisServer,
    chromium: find('Chromium', ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']),
    tmux: find('tmux', ['tmux']),
  };
  const lasting = resources.move();
  return { testRun, [Symbol.asyncDispose]: () => lasting.disposeAsync() };
}

function find(program: string, names: readonly string[]): TestRun['chromium'] {
  const path = findExecutable(...names);
  return path === undefined ? { missing: `needs ${program}: no ${names.join(', ')} on the PATH` } : { path };
}

async function provideRedis(
  server: TestRun['redisServer'],
  parent: string,
  resources: AsyncDisposableStack,
): Promise<Found<{ url: string }>> {
  if (redisUrl !== undefined) return { url: redisUrl };
  if (server.missing !== undefined) return { missing: 'needs Redis: no REDIS_URL and no redis-server on the PATH' };
  return { url: resources.use(await RedisServer.start(server.path, { parent })).url };
}
