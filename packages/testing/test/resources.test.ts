import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectDatabase } from '@tidemark/database';
import { expect, test } from 'vitest';
import { assertNoSurvivors } from '../src/assert-no-survivors.ts';
import { databaseResource, RedisServer, temporaryFolderResource, testWithRedisServer } from '../src/index.ts';

test('a database is migrated, and nobody else’s', async () => {
  await using stack = new AsyncDisposableStack();
  const open = async () => {
    const { url } = stack.use(await databaseResource());
    const database = connectDatabase({ url });
    stack.defer(() => database.close());
    return database;
  };
  const [one, other] = [await open(), await open()];

  await one.owner.schema.createTable('only_here').addColumn('id', 'integer').execute();
  const listTables = async ({ owner }: typeof one) => (await owner.introspection.getTables()).map(({ name }) => name);

  expect(await listTables(one)).toEqual(expect.arrayContaining(['tenants', 'only_here']));
  expect(await listTables(other)).toContain('tenants');
  expect(await listTables(other)).not.toContain('only_here');
});

test('a temporary folder is gone with its content', async () => {
  const folder = await temporaryFolderResource();
  await writeFile(join(folder.path, 'file'), 'content');
  await folder[Symbol.asyncDispose]();
  await expect(stat(folder.path)).rejects.toMatchObject({ code: 'ENOENT' });
});

testWithRedisServer('a Redis of its own comes back on the same port', async ({ path }) => {
  await using redis = await RedisServer.start(path);
  const { url } = redis;
  await redis.kill();
  await redis.restart();
  expect(redis.url).toBe(url);
});

testWithRedisServer(
  'a Redis that was left behind is found, though it hides its environment',
  async ({ path }, context) => {
    if (process.platform !== 'linux') return context.skip('needs /proc');
    await using folder = await temporaryFolderResource();
    await using redis = await RedisServer.start(path, { parent: folder.path });
    const run = { id: 'of-its-own', folder: folder.path };
    await expect(assertNoSurvivors(run)).rejects.toThrow(`:${redis.port}`);
    await expect(assertNoSurvivors(run)).resolves.toBeUndefined();
  },
);
