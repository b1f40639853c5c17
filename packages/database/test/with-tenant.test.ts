import { randomUUID } from 'node:crypto';
import { databaseResource } from '@tidemark/testing';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { connectDatabase, Trailing, withTenant } from '../src/index.ts';

const DIVISION_BY_ZERO = '22012';

test('of statements sent at once the one that fails says why, nothing stays, and the connection serves on', async () => {
  await using resource = await databaseResource();
  await using stack = new AsyncDisposableStack();
  const database = stack.adopt(connectDatabase({ url: resource.url, ingestConnections: 1 }), (open) => open.close());
  const tenantId = randomUUID();
  const read = () =>
    withTenant(database.ingest, tenantId, 'write', async ({ db }) => {
      return await db.selectFrom('event_types').select('type_id').orderBy('type_id').execute();
    });
  const divide = (divisor: number, isTrailing: boolean) =>
    withTenant(database.ingest, tenantId, 'write', async ({ db }) => {
      const insert = (type: string) => sql`
        INSERT INTO event_types (tenant_id, type_id, name)
        SELECT ${tenantId}, coalesce(max(type_id), 0) + 1, ${type} FROM event_types`;
      const statements = Promise.all([
        insert(`${isTrailing} 1`).execute(db),
        sql`SELECT 1 / ${divisor}::int`.execute(db),
        insert(`${isTrailing} 2`).execute(db),
      ]);
      return isTrailing ? new Trailing('done', statements) : await statements.then(() => 'done');
    });
  for (const isTrailing of [false, true]) {
    const before = await read();
    await expect(divide(0, isTrailing)).rejects.toMatchObject({ code: DIVISION_BY_ZERO });
    expect(await read()).toEqual(before);
    expect(await divide(1, isTrailing)).toBe('done');
    expect(await read()).toHaveLength(before.length + 2);
  }
});
