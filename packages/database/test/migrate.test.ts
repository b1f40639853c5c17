import { getTestRun, temporaryFolderResource } from '@tidemark/testing';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import {
  assertAppRole,
  connectDatabase,
  createDatabase,
  type Database,
  dropDatabase,
  migrateDatabase,
  startEmbeddedPostgres,
} from '../src/index.ts';

/** An empty database of the test's own. */
async function emptyDatabase() {
  await using stack = new AsyncDisposableStack();
  const { postgresUrl } = getTestRun();
  const name = `empty_${crypto.randomUUID()}`;
  const url = await createDatabase({ url: postgresUrl, name });
  stack.defer(() => dropDatabase({ url: postgresUrl, name }));
  const database = stack.adopt(connectDatabase({ url }), (opened) => opened.close());
  const opened = stack.move();
  return { url, database, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** Everything a schema consists of, as far as a migration makes it. */
async function describeSchema({ owner }: Database): Promise<unknown[]> {
  const { rows } = await sql`
    SELECT 'column' AS kind, table_name, column_name AS name, data_type AS detail
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'policy', tablename, policyname, qual FROM pg_policies WHERE schemaname = 'public'
    UNION ALL SELECT 'grant', table_name, grantee::text, privilege_type
      FROM information_schema.role_table_grants WHERE table_schema = 'public'
    UNION ALL SELECT 'function', proname, '', prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ORDER BY 1, 2, 3, 4`.execute(owner);
  return rows;
}

async function listTables({ owner }: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT relname AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname NOT LIKE 'kysely%'
    ORDER BY 1`.execute(owner);
  return rows.map(({ name }) => name);
}

test('servers that start at once on an empty database migrate it once', async () => {
  await using empty = await emptyDatabase();
  await Promise.all(Array.from({ length: 8 }, () => migrateDatabase(empty)));
  await using alone = await emptyDatabase();
  await migrateDatabase(alone);
  expect(await describeSchema(empty.database)).toEqual(await describeSchema(alone.database));
});

test('servers that start at once on a new PostgreSQL make the role once', async () => {
  await using folder = await temporaryFolderResource();
  await using postgres = await startEmbeddedPostgres({ dataDir: `${folder.path}/postgres`, durable: false });
  await Promise.all(Array.from({ length: 8 }, () => migrateDatabase(postgres)));
  const database = connectDatabase({ url: postgres.url });
  await expect(assertAppRole(database)).resolves.toBeUndefined();
  await database.close();
});

test('migrating again changes nothing', async () => {
  await using empty = await emptyDatabase();
  await migrateDatabase(empty);
  const before = await describeSchema(empty.database);
  await migrateDatabase(empty);
  expect(await describeSchema(empty.database)).toEqual(before);
});

test('a migration that fails leaves nothing behind, and can be run again', async () => {
  await using empty = await emptyDatabase();
  const { owner } = empty.database;
  // The last table to be made stands in the way.
  await sql`CREATE TABLE folds (in_the_way text)`.execute(owner);
  await expect(migrateDatabase(empty)).rejects.toThrow('folds');
  expect(await listTables(empty.database)).toEqual(['folds']);

  await sql`DROP TABLE folds`.execute(owner);
  await migrateDatabase(empty);
  expect(await listTables(empty.database)).toEqual(expect.arrayContaining(['events', 'folds', 'tenants']));
});
