import { readFile } from 'node:fs/promises';
import {
  auditPageSchema,
  createdKeySchema,
  createdSessionSchema,
  credentialsSchema,
  currentSessionSchema,
  eventPageSchema,
  sessionSchema,
} from '@tidemark/schemas';
import { serverResource, temporaryFolderResource } from '@tidemark/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type ContractServer, contractServer } from './contract-server.ts';
import { dataOf, expectRefusal } from './expectations.ts';
import { HttpCaller } from './http-caller.ts';

let api: ContractServer;
beforeAll(async () => {
  api = await contractServer();
});
afterAll(() => api[Symbol.asyncDispose]());

const endedSchema = z.object({ ended: z.boolean() });

async function createKey(admin: HttpCaller, role: string) {
  return dataOf(await admin.post('admin.keys.create', { name: 'signs in', role }), createdKeySchema);
}

async function signIn(credential: { key: string } | { code: string }) {
  const session = dataOf(await api.anyone.post('admin.sessions.create', credential), createdSessionSchema);
  return { ...session, caller: api.anyone.withKey(session.token) };
}

test('signs in with a key, as that key', async () => {
  const tenant = await api.createTenant();
  const { secret } = await createKey(tenant.admin, 'viewer');
  const { caller, expiresAt } = await signIn({ key: secret });
  expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
  const { id, slug, name, timeZone, createdAt } = tenant;
  expect(dataOf(await caller.query('admin.sessions.current'), currentSessionSchema)).toEqual({
    name: 'signs in',
    role: 'viewer',
    scopes: ['events:read', 'analytics:read', 'admin:read'],
    tenants: [{ id, slug, name, timeZone, createdAt }],
  });
  expect((await caller.query('events.list', {})).status).toBe(200);
  expectRefusal(await caller.post('events.ingest', { events: [{ type: 'a' }] }), 'forbidden');
});

test('signs out, and leaves the key and its other sessions be', async () => {
  const tenant = await api.createTenant();
  const { secret } = await createKey(tenant.admin, 'viewer');
  const [one, other] = [await signIn({ key: secret }), await signIn({ key: secret })];
  expect(dataOf(await one.caller.post('admin.sessions.end'), endedSchema)).toEqual({ ended: true });
  expectRefusal(await one.caller.query('admin.sessions.current'), 'unauthenticated');
  expectRefusal(await one.caller.post('admin.sessions.end'), 'unauthenticated');
  expect((await other.caller.query('admin.sessions.current')).status).toBe(200);
  expect(dataOf(await api.anyone.withKey(secret).post('admin.sessions.end'), endedSchema)).toEqual({ ended: false });
  expect((await api.anyone.withKey(secret).query('admin.sessions.current')).status).toBe(200);
});

test('ends a session at once by its id in upper case, one’s own without a scope', async () => {
  const tenant = await api.createTenant();
  const { secret } = await createKey(tenant.admin, 'viewer');
  const [one, other] = [await signIn({ key: secret }), await signIn({ key: secret })];
  for (const { caller } of [one, other]) expect((await caller.query('events.list', {})).status).toBe(200);
  const listed = dataOf(await tenant.admin.query('admin.sessions.list'), z.array(sessionSchema));
  const [otherId = '', oneId = ''] = listed.map(({ id }) => id);

  const ended = await one.caller.post('admin.sessions.end', { id: oneId.toUpperCase() });
  expect(dataOf(ended, endedSchema)).toEqual({ ended: true });
  expectRefusal(await one.caller.query('events.list', {}), 'unauthenticated');
  await tenant.admin.post('admin.sessions.end', { id: otherId.toUpperCase() });
  expectRefusal(await other.caller.query('events.list', {}), 'unauthenticated');
  const { items } = dataOf(await tenant.admin.query('admin.audit.list', {}), auditPageSchema);
  expect(items.slice(0, 2)).toMatchObject([
    { action: 'sessions.end', target: otherId },
    { action: 'sessions.end', target: oneId },
  ]);
});

test('ends every session of a revoked key', async () => {
  const tenant = await api.createTenant();
  const { id, secret } = await createKey(tenant.admin, 'viewer');
  const { caller } = await signIn({ key: secret });
  expect((await caller.query('events.list', {})).status).toBe(200);
  await tenant.admin.post('admin.keys.revoke', { id });
  expectRefusal(await caller.query('events.list', {}), 'unauthenticated');
  expectRefusal(await api.anyone.post('admin.sessions.create', { key: secret }), 'unauthenticated');
});

test('signs nobody in with what is no key, no code, or both', async () => {
  const tenant = await api.createTenant();
  const { secret } = await createKey(tenant.admin, 'viewer');
  const { token } = await signIn({ key: secret });
  for (const wrong of [{ key: 'tmk_viewer_wrong' }, { code: 'wrong' }, { code: secret }, { key: token }]) {
    expectRefusal(await api.anyone.post('admin.sessions.create', wrong), 'unauthenticated');
  }
  for (const malformed of [{}, { key: '' }, { key: secret, code: 'x' }, { key: 7 }, { code: 'x'.repeat(201) }, null]) {
    expectRefusal(await api.anyone.post('admin.sessions.create', malformed), 'invalid_input');
  }
});

test('signs in once with the link that a start prints, as the platform', async () => {
  await using dataDir = await temporaryFolderResource();
  const env = { TIDEMARK_DATA_DIR: dataDir.path };
  const readLink = async () => {
    const text = await readFile(`${dataDir.path}/credentials.json`, 'utf8');
    const { signInUrl } = credentialsSchema.parse(JSON.parse(text));
    expect(signInUrl).not.toContain('tmk_');
    return new URL(signInUrl).searchParams.get('code') ?? '';
  };
  let earlier = '';
  {
    await using _server = await serverResource({ databaseUrl: api.databaseUrl, env });
    earlier = await readLink();
  }
  await using server = await serverResource({ databaseUrl: api.databaseUrl, env });
  const code = await readLink();
  const anyone = new HttpCaller(server.url);
  expectRefusal(await anyone.post('admin.sessions.create', { code: earlier }), 'unauthenticated');

  const tries = await Promise.all([1, 2, 3].map(() => anyone.post('admin.sessions.create', { code })));
  const [signedIn, ...others] = tries.toSorted((one, other) => one.status - other.status);
  for (const answer of others) expectRefusal(answer, 'unauthenticated');
  if (signedIn === undefined) throw new Error('three tries have an answer');
  const { token } = dataOf(signedIn, createdSessionSchema);
  const session = anyone.withKey(token);
  const current = dataOf(await session.query('admin.sessions.current'), currentSessionSchema);
  expect(current.role).toBe('platform');
  const { id } = await api.createTenant();
  expect(dataOf(await session.with({ 'x-tenant-id': id }).query('events.list', {}), eventPageSchema).items).toEqual([]);
});
