import { databaseResource } from '@tidemark/testing';
import { sql } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assertAppRole, connectDatabase, type Database, ensurePartitions, withTenant } from '../src/index.ts';
import { MONTH, PARTITION, TENANT_ROWS } from './tenant-rows.ts';

const [ONE, OTHER] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
const DENIED = '42501';

const stack = new AsyncDisposableStack();
let database: Database;
beforeAll(async () => {
  const { url } = stack.use(await databaseResource());
  database = stack.adopt(connectDatabase({ url }), (opened) => opened.close());
  await ensurePartitions(database.owner, [MONTH]);
  for (const [table, row] of Object.entries(TENANT_ROWS)) {
    for (const tenant of [ONE, OTHER]) {
      await sql.raw(`INSERT INTO ${table} ${row.replace('$1', `'${tenant}'`)}`).execute(database.owner);
    }
  }
});
afterAll(() => stack.disposeAsync());

/** Runs statements as a pool's connection does, in a transaction that is never committed. */
async function asApp<Result>(tenant: string | undefined, work: (client: pg.PoolClient) => Promise<Result>) {
  const client = await database.ingest.connect();
  try {
    await client.query('BEGIN');
    if (tenant !== undefined) await client.query(`SET LOCAL app.tenant_id = '${tenant}'`);
    return await work(client);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

async function tenantsIn(client: pg.PoolClient, table: string): Promise<string[]> {
  const { rows } = await client.query<{ tenant_id: string }>(`SELECT DISTINCT tenant_id FROM ${table} ORDER BY 1`);
  return rows.map(({ tenant_id }) => tenant_id);
}

test('every table that names a tenant is forced under a policy, and has its row here', async () => {
  const { rows } = await sql<{ name: string; isForced: boolean; policies: number }>`
    SELECT relname AS name, relrowsecurity AND relforcerowsecurity AS "isForced",
      (SELECT count(*) FROM pg_policy WHERE polrelid = pg_class.oid) AS policies
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'tenant_id'
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
      -- Looked up before a tenant is known.
      AND relname <> 'api_keys'
    ORDER BY 1`.execute(database.owner);
  expect(rows).toEqual(
    Object.keys(TENANT_ROWS)
      .sort()
      .map((name) => ({ name, isForced: true, policies: 1 })),
  );
});

/** What nobody rewrites: it is added to, and deleted when it is old. */
const KEPT_AS_WRITTEN = ['audit_log'];

test('no partition can be reached but through its table', async () => {
  const { rows } = await sql<{ name: string; privileges: string[] }>`
    SELECT relname AS name, array(
      SELECT privilege FROM unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])
        AS privilege WHERE has_table_privilege('tidemark_app', pg_class.oid, privilege)
        OR (privilege IN ('SELECT', 'INSERT', 'UPDATE') AND has_any_column_privilege('tidemark_app', pg_class.oid, privilege))
    ) AS privileges FROM pg_class WHERE relispartition AND relkind IN ('r', 'p')`.execute(database.owner);
  expect(rows.map(({ name }) => name)).toContain(PARTITION);
  expect(rows.flatMap(({ privileges }) => privileges)).toEqual([]);
});

test('no table but those of a tenant and of who may do what can be read by the role of the pools', async () => {
  const { rows } = await sql<{ name: string }>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
      AND has_table_privilege('tidemark_app', oid, 'SELECT') ORDER BY 1`.execute(database.owner);
  const known = [...Object.keys(TENANT_ROWS), 'tenants', 'api_keys', 'sessions', 'sign_in_codes'];
  expect(rows.map(({ name }) => name)).toEqual(known.sort());
});

describe.each(Object.entries(TENANT_ROWS))('%s', (table, row) => {
  const isRewritten = !KEPT_AS_WRITTEN.includes(table);

  test.each([undefined, ''])('shows and takes nothing without a tenant (%j)', async (tenant) => {
    await asApp(tenant, async (client) => {
      expect(await tenantsIn(client, table)).toEqual([]);
      if (isRewritten) {
        expect((await client.query(`UPDATE ${table} SET tenant_id = tenant_id`)).rowCount).toBe(0);
      }
      expect((await client.query(`DELETE FROM ${table}`)).rowCount).toBe(0);
      await expect(client.query(`INSERT INTO ${table} ${row}`, [ONE])).rejects.toMatchObject({ code: DENIED });
    });
  });

  test('shows a tenant its own rows alone', async () => {
    expect(await asApp(ONE, (client) => tenantsIn(client, table))).toEqual([ONE]);
    expect(await asApp(OTHER, (client) => tenantsIn(client, table))).toEqual([OTHER]);
  });

  test('lets a tenant change and delete its own rows alone', async () => {
    await asApp(ONE, async (client) => {
      const named = `WHERE tenant_id = '${OTHER}'`;
      if (isRewritten) {
        expect((await client.query(`UPDATE ${table} SET tenant_id = tenant_id ${named}`)).rowCount).toBe(0);
      }
      expect((await client.query(`DELETE FROM ${table} ${named}`)).rowCount).toBe(0);
      expect((await client.query(`DELETE FROM ${table}`)).rowCount).toBe(1);
    });
    expect(await asApp(OTHER, (client) => tenantsIn(client, table))).toEqual([OTHER]);
  });

  test('takes no row of another tenant, new or moved', async () => {
    const foreign = '00000000-0000-4000-8000-00000000000c';
    await asApp(ONE, async (client) => {
      await expect(client.query(`INSERT INTO ${table} ${row}`, [foreign])).rejects.toMatchObject({ code: DENIED });
    });
    await asApp(ONE, async (client) => {
      const move = `UPDATE ${table} SET tenant_id = '${foreign}'`;
      await expect(client.query(move)).rejects.toMatchObject({ code: DENIED });
    });
  });
});

test.each([
  `SELECT FROM ${PARTITION}`,
  `INSERT INTO ${PARTITION} ${TENANT_ROWS.events?.replace('$1', `'${ONE}'`)}`,
  `UPDATE ${PARTITION} SET type = 'changed'`,
  `DELETE FROM ${PARTITION}`,
  `TRUNCATE ${PARTITION}`,
  'TRUNCATE events',
  'ALTER TABLE events DISABLE ROW LEVEL SECURITY',
  'ALTER TABLE events NO FORCE ROW LEVEL SECURITY',
  'DROP POLICY own_tenant ON events',
  'CREATE POLICY all_tenants ON events USING (true)',
  'CREATE TABLE of_its_own ()',
  'DROP TABLE events',
  "UPDATE audit_log SET action = 'nothing'",
])('the role of the pools may not: %s', async (statement) => {
  await asApp(ONE, async (client) => {
    await expect(client.query(statement)).rejects.toMatchObject({ code: DENIED });
  });
});

test('a connection forgets its tenant when the transaction ends', async () => {
  const seen = await withTenant(database.ingest, ONE, 'read', ({ db }) =>
    db.selectFrom('tenant_heads').select('tenant_id').execute(),
  );
  expect(seen).toEqual([{ tenant_id: ONE }]);
  // The pool hands out the connection used last.
  const { rows } = await database.ingest.query('SELECT FROM tenant_heads');
  expect(rows).toEqual([]);
});

test('a tenant’s id can carry no statement', async () => {
  for (const id of ["'; DROP TABLE events; --", OTHER.toUpperCase(), '', `${ONE}'`]) {
    await expect(withTenant(database.ingest, id, 'read', async () => 'ran')).rejects.toThrow(TypeError);
  }
});

test('a read transaction writes nothing', async () => {
  const write = withTenant(database.reads, ONE, 'read', ({ db }) => db.deleteFrom('events').execute());
  await expect(write).rejects.toMatchObject({ code: '25006' });
});

test('serves as a role that owns nothing and bypasses nothing, and as no other', async () => {
  for (const pool of [database.reads, database.ingest]) {
    expect((await pool.query('SELECT current_user AS role')).rows).toEqual([{ role: 'tidemark_app' }]);
  }
  await expect(assertAppRole(database)).resolves.toBeUndefined();
  await expect(assertAppRole({ directory: database.owner })).rejects.toThrow('tidemark_app');
});

test('refuses to serve once the role owns something', async () => {
  await using owned = await databaseResource();
  const opened = connectDatabase({ url: owned.url });
  try {
    await sql`ALTER TABLE tenants OWNER TO tidemark_app`.execute(opened.owner);
    await expect(assertAppRole(opened)).rejects.toThrow('owns nothing');
  } finally {
    await opened.close();
  }
});
