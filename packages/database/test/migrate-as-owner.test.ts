import { join } from 'node:path';
import { temporaryFolderResource } from '@tidemark/testing';
import pg from 'pg';
import { expect, test } from 'vitest';
import { assertAppRole, connectDatabase, migrateDatabase, startEmbeddedPostgres } from '../src/index.ts';

test('an owner who is no superuser, but may create roles, migrates and serves', async () => {
  // Roles belong to the whole server, so this one must be new.
  await using folder = await temporaryFolderResource();
  await using postgres = await startEmbeddedPostgres({ dataDir: join(folder.path, 'postgres'), durable: false });
  const url = await createOwnedDatabase(postgres.url);

  await migrateDatabase({ url });
  await migrateDatabase({ url });
  const database = connectDatabase({ url });
  try {
    await expect(assertAppRole(database)).resolves.toBeUndefined();
  } finally {
    await database.close();
  }
});

/** A database whose owner may log in and create roles, and nothing more; its owner's URL. */
async function createOwnedDatabase(adminUrl: string): Promise<string> {
  const admin = new pg.Client(adminUrl);
  await admin.connect();
  await admin.query("CREATE ROLE plain_owner LOGIN CREATEROLE PASSWORD 'secret'");
  await admin.query('CREATE DATABASE plain OWNER plain_owner');
  await admin.end();
  const url = new URL(adminUrl);
  url.username = 'plain_owner';
  url.password = 'secret';
  url.pathname = '/plain';
  return url.href;
}
