import { randomUUID } from 'node:crypto';
import { databaseResource } from '@tidemark/testing';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { connectDatabase, withTenant } from '../src/index.ts';

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
  const divide = (divisor: number) =>
    withTenant(database.ingest, tenantId, 'write', async ({ db }) => {
      const insert = (place: number) => sql`
        INSERT INTO event_types (tenant_id, type_id, name) VALUES (${tenantId}, ${place}, ${`type ${place}`})`;
      await Promise.all([insert(1).execute(db), sql`SELECT 1 / ${divisor}::int`.execute(db), insert(2).execute(db)]);
    });
  await expect(divide(0)).rejects.toMatchObject({ code: DIVISION_BY_ZERO });
  expect(await read()).toEqual([]);
  await divide(1);
  expect(await read()).toEqual([{ type_id: 1 }, { type_id: 2 }]);
});
