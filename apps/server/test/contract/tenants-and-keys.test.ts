import {
  apiKeySchema,
  auditPageSchema,
  createdKeySchema,
  rotatedKeySchema,
  summarySchema,
  tenantSchema,
} from '@tidemark/schemas';
import { serverResource } from '@tidemark/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ContractServer, contractServer } from './contract-server.ts';
import { dataOf, expectInvalid, expectRefusal } from './expectations.ts';
import { HttpCaller } from './http-caller.ts';

let api: ContractServer;
beforeAll(async () => {
  api = await contractServer();
});
afterAll(() => api[Symbol.asyncDispose]());

/** What is known of a key is a second old at most; on top comes the time of the request that finds out. */
const SEEN_WITHIN_MS = 2_000;

const keysSchema = z.array(apiKeySchema);

test('creates a tenant and lists it', async () => {
  const input = { slug: 'acme-2', name: 'Acme & Söhne 🚀', timeZone: 'America/St_Johns' };
  const tenant = dataOf(await api.platform.post('admin.tenants.create', input), tenantSchema);
  expect(tenant).toMatchObject(input);
  const listed = dataOf(await api.platform.query('admin.tenants.list'), z.array(tenantSchema));
  expect(listed).toContainEqual(tenant);
});

test('keeps the calendar of a tenant in UTC unless told otherwise', async () => {
  const tenant = dataOf(
    await api.platform.post('admin.tenants.create', { slug: 'plain', name: 'Plain' }),
    tenantSchema,
  );
  expect(tenant.timeZone).toBe('UTC');
});

test('gives nobody the slug of the lab, whose limits it lifts', async () => {
  const input = { slug: 'tidemark-lab', name: 'Mine' };
  expectRefusal(await api.platform.post('admin.tenants.create', input), 'conflict');
});

test('gives a slug to one tenant, however many ask at once', async () => {
  const create = () => api.platform.post('admin.tenants.create', { slug: 'wanted', name: 'Wanted' });
  const answers = await Promise.all([create(), create(), create(), create()]);
  const made = answers.filter(({ status }) => status === 200);
  expect(made).toHaveLength(1);
  for (const answer of answers.filter((one) => one !== made[0])) {
    expect(expectRefusal(answer, 'conflict').evidence).toEqual({ field: 'slug', slug: 'wanted' });
  }
});

test('changes a tenant’s name and zone: the platform any by its id or header, an admin its own', async () => {
  const { id, admin, caller } = await api.createTenant();
  const viewer = await caller('viewer');
  const update = (by: HttpCaller, input: object) => by.post('admin.tenants.update', input);
  expect(dataOf(await update(api.platform, { id, name: 'By id' }), tenantSchema)).toMatchObject({ id, name: 'By id' });
  const named = dataOf(
    await update(api.platform.with({ 'x-tenant-id': id }), { timeZone: 'asia/kathmandu' }),
    tenantSchema,
  );
  expect(named).toMatchObject({ id, name: 'By id', timeZone: 'Asia/Kathmandu' });
  const own = dataOf(await update(admin, { name: 'Own', timeZone: 'Asia/Kathmandu' }), tenantSchema);
  expect(own).toMatchObject({ id, name: 'Own', timeZone: 'Asia/Kathmandu' });
  const day = { last: '24h', interval: 'day' };
  expect(dataOf(await admin.query('analytics.summary', day), summarySchema).meta.timeZone).toBe('Asia/Kathmandu');

  expectRefusal(await update(viewer, { name: 'No' }), 'forbidden');
  expectRefusal(await update(api.platform, { name: 'Whose' }), 'tenant_required');
  expectRefusal(await update(api.platform, { id: crypto.randomUUID(), timeZone: 'UTC' }), 'not_found');
  expectRefusal(await update(api.platform, { id: crypto.randomUUID(), name: 'None' }), 'not_found');
  expectInvalid(await update(admin, {}), '');
  expectInvalid(await update(admin, { timeZone: 'Mars/Olympus' }), 'timeZone');
});

test.each([
  ['slug', { slug: '' }],
  ['slug', { slug: 'Acme' }],
  ['slug', { slug: '-acme' }],
  ['slug', { slug: 'acme-' }],
  ['slug', { slug: 'a b' }],
  ['slug', { slug: 'a'.repeat(64) }],
  ['slug', { slug: 'ümlaut' }],
  ['slug', { slug: 7 }],
  ['name', { name: '' }],
  ['name', { name: 'x'.repeat(101) }],
  ['name', { name: '\u0000' }],
  ['timeZone', { timeZone: 'Mars/Olympus' }],
  ['timeZone', { timeZone: '+01:00' }],
])('refuses a tenant, naming %s: %j', async (path, fields) => {
  const input = { slug: 'fine', name: 'Fine', ...fields };
  expectInvalid(await api.platform.post('admin.tenants.create', input), path);
});

test('shows a key’s secret when it is made and never again', async () => {
  const tenant = await api.createTenant();
  const created = await tenant.admin.post('admin.keys.create', { name: 'ci', role: 'ingest' });
  const { secret, ...key } = dataOf(created, createdKeySchema);
  expect(secret.startsWith(key.prefix)).toBe(true);
  expect(key).toMatchObject({ name: 'ci', role: 'ingest', expiresAt: null, revokedAt: null });
  const listed = await tenant.admin.query('admin.keys.list');
  expect(dataOf(listed, keysSchema)).toContainEqual(key);
  expect(JSON.stringify(listed.body)).not.toContain(secret);
});

test.each([
  ['name', { name: '' }],
  ['role', { role: 'platform' }],
  ['role', { role: 'owner' }],
  ['expiresAt', { expiresAt: 'tomorrow' }],
  ['expiresAt', { expiresAt: '9999-12-31T23:59:59-23:00' }],
  ['expiresAt', { expiresAt: null }],
])('refuses a key, naming %s: %j', async (path, fields) => {
  const { admin } = await api.createTenant();
  expectInvalid(await admin.post('admin.keys.create', { name: 'fine', role: 'viewer', ...fields }), path);
});

test('refuses a key that has expired before it is made', async () => {
  const { admin } = await api.createTenant();
  const input = { name: 'late', role: 'viewer', expiresAt: '2020-01-01T00:00:00Z' };
  expect(expectRefusal(await admin.post('admin.keys.create', input), 'invalid_input').evidence).toMatchObject({
    field: 'expiresAt',
  });
});

test('lists and revokes the keys of its own tenant alone', async () => {
  const [one, other] = [await api.createTenant(), await api.createTenant()];
  const [key] = dataOf(await one.admin.query('admin.keys.list'), keysSchema);
  const foreign = dataOf(await other.admin.query('admin.keys.list'), keysSchema);
  expect(foreign.map(({ id }) => id)).not.toContain(key?.id);
  const { evidence } = expectRefusal(await other.admin.post('admin.keys.revoke', { id: key?.id }), 'not_found');
  expect(evidence).toEqual({ id: key?.id });
  expect((await one.admin.query('admin.keys.list')).status).toBe(200);
  expectInvalid(await other.admin.post('admin.keys.revoke', { id: 'x' }), 'id');
  expectRefusal(await other.admin.post('admin.keys.revoke', { id: crypto.randomUUID() }), 'not_found');
});

test('takes the id of a key or a tenant in upper case, and answers in lower case', async () => {
  const { id: tenantId, admin } = await api.createTenant();
  const { id } = dataOf(await admin.post('admin.keys.create', { name: 'ci', role: 'viewer' }), createdKeySchema);
  const upper = { id: id.toUpperCase() };
  expect(dataOf(await admin.post('admin.keys.rotate', upper), rotatedKeySchema).id).toBe(id);
  expect(dataOf(await admin.post('admin.keys.revoke', upper), apiKeySchema).id).toBe(id);
  const rotated = await admin.post('admin.keys.rotate', upper);
  expect(expectRefusal(rotated, 'conflict').evidence).toEqual({ id });
  for (const by of [admin, api.platform]) {
    const updated = await by.post('admin.tenants.update', { id: tenantId.toUpperCase(), name: 'Renamed' });
    expect(dataOf(updated, tenantSchema).id).toBe(tenantId);
  }
  const { items } = dataOf(await admin.query('admin.audit.list', {}), auditPageSchema);
  expect(items.slice(0, 4).map(({ target }) => target)).toEqual([tenantId, tenantId, id, id]);
});

test('refuses a revoked key at once where it was revoked, and within a second on every other server', async () => {
  const tenant = await api.createTenant();
  await using second = await serverResource({ databaseUrl: api.databaseUrl });
  const input = { name: 'stolen', role: 'viewer' };
  const { id, secret } = dataOf(await tenant.admin.post('admin.keys.create', input), createdKeySchema);
  const [here, there] = [api.anyone.withKey(secret), new HttpCaller(second.url).withKey(secret)];
  expect((await here.query('events.list', {})).status).toBe(200);
  expect((await there.query('events.list', {})).status).toBe(200);

  const revoked = dataOf(await tenant.admin.post('admin.keys.revoke', { id }), apiKeySchema);
  expect(revoked.revokedAt).not.toBeNull();
  expectRefusal(await here.query('events.list', {}), 'unauthenticated');
  await expect.poll(async () => (await there.query('events.list', {})).status, { timeout: SEEN_WITHIN_MS }).toBe(401);

  const again = dataOf(await tenant.admin.post('admin.keys.revoke', { id }), apiKeySchema);
  // Its last use is written down a moment after it.
  expect({ ...again, lastUsedAt: null }).toEqual({ ...revoked, lastUsedAt: null });
});
