import { insertUsers, lockHead, withTenant } from '@tidemark/database';
import { ingestEvents } from '@tidemark/services';
import { auditTenant, Oracle, servicesResource } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { UserOrdinals } from '../src/events/user-ordinals.ts';

const EVENT = { type: 'view', userId: 'ada', occurredAt: '2026-11-20T10:00:00.000Z' };

test('a server does not give a deleted user the ordinal that it remembers', async () => {
  await using services = await servicesResource();
  await using oracle = await Oracle.open(services.url);
  const ctx = await services.tenantContext();
  const ordinalOf = async (userId: string) => {
    const [row] = await oracle.ask('SELECT ordinal FROM users WHERE user_id = $1', [userId]);
    return row?.ordinal;
  };
  await ingestEvents(ctx, { events: [EVENT, { ...EVENT, userId: 'bob' }] });
  await ingestEvents(ctx, { events: [{ ...EVENT, type: 'click' }] });
  expect(await ordinalOf('ada')).toBe('0');
  expect(await auditTenant(oracle, { tenantId: ctx.tenant.id })).toEqual([]);

  await oracle.ask(`DELETE FROM users WHERE user_id = 'ada'`);
  await oracle.ask('UPDATE tenant_heads SET users_epoch = users_epoch + 1');
  await ingestEvents(ctx, { events: [{ ...EVENT, type: 'buy' }] });
  expect(await ordinalOf('ada')).toBe('2');
  const [event] = await oracle.ask(`SELECT user_ordinal FROM events WHERE type = 'buy'`);
  expect(event?.user_ordinal).toBe('2');
});

test('users of a commit that was rolled back are not remembered', async () => {
  await using services = await servicesResource();
  await using oracle = await Oracle.open(services.url);
  const ctx = await services.tenantContext();
  // The last statement of the commit fails, after the users were given their ordinals.
  await oracle.ask('ALTER TABLE commits ADD CONSTRAINT refused CHECK (seq <> 1)');
  const [receipt] = (await ingestEvents(ctx, { events: [EVENT] })).receipts;
  expect(receipt?.status).toBe('rejected');
  await oracle.ask('ALTER TABLE commits DROP CONSTRAINT refused');
  await ingestEvents(ctx, { events: [{ ...EVENT, userId: 'bob' }] });
  await ingestEvents(ctx, { events: [EVENT] });
  expect(await auditTenant(oracle, { tenantId: ctx.tenant.id })).toEqual([]);
});

test('who is asked for while another server still commits them is found once it has', async () => {
  await using services = await servicesResource();
  await using oracle = await Oracle.open(services.url);
  const { tenant } = await services.tenantContext();
  const users = new UserOrdinals();
  const [locked, waits] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const first = withTenant(services.database.ingest, tenant.id, 'write', async (transaction) => {
    const head = await lockHead(transaction);
    locked.resolve();
    await waits.promise;
    await insertUsers(transaction, head, ['ada']);
  });
  await locked.promise;
  const second = withTenant(services.database.ingest, tenant.id, 'write', (transaction) =>
    users.resolve(transaction, lockHead(transaction), ['ada']),
  );
  const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~ 'tenant_heads'`;
  await expect.poll(async () => (await oracle.ask(waiting)).length).toBe(1);
  waits.resolve();
  await first;
  expect(await second).toEqual(new Map([['ada', 0]]));
});

test('what is forgotten for want of room is asked for again', async () => {
  await using services = await servicesResource();
  const { tenant } = await services.tenantContext();
  const users = new UserOrdinals({ maxUsers: 4 });
  const resolve = (...userIds: string[]) =>
    withTenant(services.database.ingest, tenant.id, 'write', async (transaction) => {
      const locking = lockHead(transaction);
      const ordinals = await users.resolve(transaction, locking, userIds);
      const head = await locking;
      const added = userIds.filter((userId) => !ordinals.has(userId));
      await insertUsers(transaction, head, added);
      for (const [index, userId] of added.entries()) ordinals.set(userId, head.nextOrdinal + index);
      users.remember(tenant.id, head, ordinals);
      return userIds.map((userId) => ordinals.get(userId));
    });
  expect(await resolve('a', 'b', 'c')).toEqual([0, 1, 2]);
  expect(await resolve('d', 'a')).toEqual([3, 0]);
  expect(await resolve('e', 'f', 'g', 'h', 'i')).toEqual([4, 5, 6, 7, 8]);
  expect(await resolve('a', 'i', 'c', 'b', 'j')).toEqual([0, 8, 2, 1, 9]);
  expect(await resolve('h', 'd')).toEqual([7, 3]);
});
