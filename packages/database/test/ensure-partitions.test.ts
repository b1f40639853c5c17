import { databaseResource } from '@tidemark/testing';
import { sql } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase, type Database, ensurePartitions, toFault, withTenant } from '../src/index.ts';

const TENANT = '00000000-0000-4000-8000-00000000000a';

const stack = new AsyncDisposableStack();
let url: string;
let database: Database;
beforeAll(async () => {
  url = stack.use(await databaseResource()).url;
  database = open();
});
afterAll(() => stack.disposeAsync());

/** The connections of one more server. */
function open(): Database {
  return stack.adopt(connectDatabase({ url }), (opened) => opened.close());
}

async function boundsOf(partition: string): Promise<string | undefined> {
  const { rows } = await sql<{ bounds: string }>`
    SELECT pg_get_expr(relpartbound, oid) AS bounds FROM pg_class
    WHERE relname = ${partition} AND relispartition`.execute(database.owner);
  return rows[0]?.bounds;
}

async function store(occurredAt: string): Promise<void> {
  await withTenant(database.ingest, TENANT, 'write', ({ db, tenantId }) =>
    sql`INSERT INTO events (tenant_id, id, occurred_at, received_at, device, type, properties)
      VALUES (${tenantId}, gen_random_uuid(), ${occurredAt}, now(), 0, 'a', '{}')`.execute(db),
  );
}

/** Runs `work` while another connection has `statement` open in a transaction. */
async function whileOpen(pool: pg.Pool, statement: string, work: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`BEGIN; SET LOCAL app.tenant_id = '${TENANT}'; ${statement}`);
    await work();
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

test('makes the months it is asked for, each to the end of it, in UTC', async () => {
  await ensurePartitions(database.owner, ['2025-12', '2024-02']);
  expect(await boundsOf('events_2025_12')).toBe(
    "FOR VALUES FROM ('2025-12-01 00:00:00+00') TO ('2026-01-01 00:00:00+00')",
  );
  expect(await boundsOf('events_2024_02')).toBe(
    "FOR VALUES FROM ('2024-02-01 00:00:00+00') TO ('2024-03-01 00:00:00+00')",
  );
  await store('2025-12-01T00:00:00.000Z');
  await store('2025-12-31T23:59:59.999Z');
});

test('tells an event without a partition from any other fault', async () => {
  const error: unknown = await store('2011-01-01T00:00:00Z').catch((thrown: unknown) => thrown);
  expect(toFault(error)).toBe('no_partition');
  await ensurePartitions(database.owner, ['2011-01']);
  await store('2011-01-01T00:00:00Z');
});

test('makes each month once when several servers ask at once', async () => {
  const months = ['2023-01', '2023-02', '2023-03', '2023-04'];
  const servers = [open(), open(), open(), open()];
  await Promise.all(
    servers.flatMap(({ owner }) => [ensurePartitions(owner, months), ensurePartitions(owner, months.toReversed())]),
  );
  for (const month of months) expect(await boundsOf(`events_${month.replace('-', '_')}`)).toBeDefined();
});

test('waits for no reader: neither for one that reads on, nor for one that writes', async () => {
  await ensurePartitions(database.owner, ['2022-01']);
  await whileOpen(database.reads, 'SELECT count(*) FROM events', async () => {
    await ensurePartitions(database.owner, ['2022-02']);
    await store('2022-02-10T00:00:00Z');
  });
  const insert = `INSERT INTO events (tenant_id, id, occurred_at, received_at, device, type, properties)
    VALUES ('${TENANT}', gen_random_uuid(), '2022-01-10', now(), 0, 'a', '{}')`;
  await whileOpen(database.ingest, insert, async () => {
    await ensurePartitions(database.owner, ['2022-03']);
    await store('2022-03-10T00:00:00Z');
  });
});

test('gives partitions their keys, and the services no grant on them', async () => {
  await ensurePartitions(database.owner, ['2021-01']);
  const { rows } = await sql<{ constraints: string[]; acl: string | null }>`
    SELECT relacl::text AS acl, array(SELECT contype::text FROM pg_constraint WHERE conrelid = pg_class.oid
      AND contype IN ('p', 'c')) AS constraints
    FROM pg_class WHERE relname = 'events_2021_01'`.execute(database.owner);
  expect(rows).toEqual([{ constraints: ['p'], acl: null }]);
});
