import { createdKeySchema, eventPageSchema } from '@tidemark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ContractServer, contractServer } from './contract-server.ts';
import { dataOf, expectRefusal } from './expectations.ts';

let api: ContractServer;
beforeAll(async () => {
  api = await contractServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const UNKNOWN_TENANT = '00000000-0000-4000-8000-000000000000';

test.each(['events.list', 'analytics.summary', 'admin.keys.list', 'admin.tenants.list', 'admin.sessions.current'])(
  'refuses %s without a key, and says how to send one',
  async (procedure) => {
    const { reason } = expectRefusal(await api.anyone.query(procedure, {}), 'unauthenticated');
    expect(reason).toContain('authorization: Bearer');
  },
);

test.each(['Bearer', 'Bearer ', 'Basic dGVzdDp0ZXN0', 'Bearer a b', 'token'])(
  'takes the header %j for no key at all',
  async (authorization) => {
    expectRefusal(await api.anyone.with({ authorization }).query('admin.tenants.list'), 'unauthenticated');
  },
);

test.each([
  'tmk_admin_unknown',
  'tms_unknown',
  'x'.repeat(10_000),
  '%00',
  "'; DROP TABLE api_keys; --".replaceAll(' ', '+'),
])('refuses an unknown key: %.30s', async (key) => {
  expectRefusal(await api.anyone.withKey(key).query('admin.tenants.list'), 'unauthenticated');
});

test('takes the scheme in any case', async () => {
  const { platformKey } = api.server;
  const answer = await api.anyone.with({ authorization: `bearer ${platformKey}` }).query('admin.tenants.list');
  expect(answer.status).toBe(200);
});

test('checks the key before the input, so that nothing is learnt without one', async () => {
  expectRefusal(await api.anyone.query('events.list', { limit: 'many' }), 'unauthenticated');
});

test('refuses a key as soon as it has expired', async () => {
  const { admin } = await api.createTenant();
  const expiresAt = new Date(Date.now() + 1_500).toISOString();
  const input = { name: 'short', role: 'viewer', expiresAt };
  const created = dataOf(await admin.post('admin.keys.create', input), createdKeySchema);
  expect(created.expiresAt).toBe(expiresAt);
  const caller = api.anyone.withKey(created.secret);
  expect((await caller.query('events.list', {})).status).toBe(200);
  await expect.poll(async () => (await caller.query('events.list', {})).status, { timeout: 10_000 }).toBe(401);
  expectRefusal(await caller.query('events.list', {}), 'unauthenticated');
});

test('refuses each role what its scopes leave out, naming the scope', async () => {
  const tenant = await api.createTenant();
  const [viewer, ingest] = [await tenant.caller('viewer'), await tenant.caller('ingest')];
  const events = [{ type: 'a' }];
  const refused = [
    [await viewer.post('events.ingest', { events }), 'events:write'],
    [await viewer.post('admin.keys.create', { name: 'x', role: 'admin' }), 'admin:write'],
    [await ingest.query('events.list', {}), 'events:read'],
    [await ingest.query('analytics.summary', { last: '1h' }), 'analytics:read'],
    [await ingest.query('admin.keys.list'), 'admin:write'],
    [await tenant.admin.query('admin.tenants.list'), 'platform'],
    [await tenant.admin.post('admin.tenants.create', { slug: 'mine', name: 'Mine' }), 'platform'],
  ] as const;
  for (const [answer, scope] of refused) expect(expectRefusal(answer, 'forbidden').evidence).toMatchObject({ scope });
});

test('asks a platform key which tenant it means', async () => {
  const { reason, evidence } = expectRefusal(await api.platform.query('events.list', {}), 'tenant_required');
  expect(reason).toContain('x-tenant-id');
  expect(evidence).toEqual({ header: 'x-tenant-id' });
});

test('lets a platform key act for the tenant it names, in any case of the id', async () => {
  const { id } = await api.createTenant();
  const acting = api.platform.with({ 'x-tenant-id': id.toUpperCase() });
  expect(dataOf(await acting.query('events.list', {}), eventPageSchema).items).toEqual([]);
});

test.each(['acme', '', '1', `${UNKNOWN_TENANT}0`, "' OR 1=1 --"])('refuses a malformed tenant: %j', async (named) => {
  const answer = await api.platform.with({ 'x-tenant-id': named }).query('events.list', {});
  expect(expectRefusal(answer, 'invalid_input').evidence).toEqual({ header: 'x-tenant-id' });
});

test('knows no tenant that does not exist', async () => {
  const answer = await api.platform.with({ 'x-tenant-id': UNKNOWN_TENANT }).query('events.list', {});
  expect(expectRefusal(answer, 'not_found').evidence).toEqual({ tenantId: UNKNOWN_TENANT });
});

test('lets a tenant’s key name its own tenant and no other, real or not', async () => {
  const [own, other] = [await api.createTenant(), await api.createTenant()];
  expect((await own.admin.with({ 'x-tenant-id': own.id }).query('events.list', {})).status).toBe(200);
  for (const named of [other.id, UNKNOWN_TENANT, 'acme']) {
    const answer = await own.admin.with({ 'x-tenant-id': named }).query('events.list', {});
    expect(expectRefusal(answer, 'forbidden').evidence).toEqual({ header: 'x-tenant-id' });
  }
});

test('keeps the events of one tenant from the others', async () => {
  const [one, other] = [await api.createTenant(), await api.createTenant()];
  const id = crypto.randomUUID();
  const occurredAt = new Date().toISOString();
  await one.admin.post('events.ingest', { events: [{ id, occurredAt, type: 'secret' }] });
  expect((await one.admin.query('events.get', { id, occurredAt })).status).toBe(200);
  expectRefusal(await other.admin.query('events.get', { id, occurredAt }), 'not_found');
  expect(dataOf(await other.admin.query('events.list', {}), eventPageSchema).items).toEqual([]);
});
