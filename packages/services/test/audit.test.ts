import {
  clearCache,
  createKey,
  createTenant,
  listAudit,
  revokeKey,
  setRetention,
  startMaintenance,
  type TenantContext,
} from '@tidemark/services';
import { Oracle, PostgresProxy, type ServicesResource, servicesResource } from '@tidemark/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const DAY_MS = 86_400_000;

let services: ServicesResource;
beforeAll(async () => {
  services = await servicesResource();
});
afterAll(() => services[Symbol.asyncDispose]());

async function actionsOf(ctx: TenantContext): Promise<string[]> {
  return (await listAudit(ctx, { limit: 200 })).items.map(({ action }) => action);
}

test('a tenant’s log says who did what to what, the newest first, beginning with who made it', async () => {
  services.setNow(NOW);
  const admin = await services.tenantContext();
  services.setNow(NOW + 1_000);
  const { id } = await createKey(admin, { name: 'ci', role: 'ingest' });
  services.setNow(NOW + 2_000);
  await setRetention(admin, { rawDays: 30, rollupDays: null });
  const { items, nextCursor } = await listAudit(admin, { limit: 50 });
  expect(nextCursor).toBeNull();
  const { keyId } = admin.actor;
  expect(items).toMatchObject([
    {
      action: 'retention.set',
      at: '2026-11-22T10:00:02.000Z',
      target: null,
      evidence: { rawDays: 30, rollupDays: null },
    },
    {
      action: 'keys.create',
      at: '2026-11-22T10:00:01.000Z',
      actor: { keyId, keyName: 'test admin', role: 'admin', sessionId: null },
      target: id,
      evidence: { name: 'ci', role: 'ingest' },
      requestId: 'test',
    },
    { action: 'tenants.create', actor: { role: 'platform' }, target: admin.tenant.id, evidence: { timeZone: 'UTC' } },
  ]);
});

test('pages stay where they are while more is done', async () => {
  const admin = await services.tenantContext();
  for (let year = 2_001; year <= 2_007; year += 1) {
    services.setNow(NOW + year);
    await clearCache(admin, { tags: [`y:${year}`] });
  }
  const seen: unknown[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await listAudit(admin, { cursor, limit: 3 });
    seen.push(...page.items.map(({ evidence, action }) => (action === 'clearCache' ? evidence : action)));
    cursor = page.nextCursor;
    services.setNow(NOW + 10_000);
    await clearCache(admin, {});
  } while (cursor !== null);
  const years = [2_007, 2_006, 2_005, 2_004, 2_003, 2_002, 2_001];
  expect(seen).toEqual([...years.map((year) => ({ tags: [`y:${year}`] })), 'tenants.create']);
  await expect(listAudit(admin, { cursor: 'made-up', limit: 3 })).rejects.toMatchObject({ code: 'invalid_cursor' });
});

test('what was refused is not in it, and what cannot be written down is not done', async () => {
  services.setNow(NOW);
  const admin = await services.tenantContext();
  services.setNow(NOW + 1_000);
  const { id } = await createKey(admin, { name: 'kept', role: 'viewer' });
  const viewer = { ...admin, actor: services.actorContext('viewer', admin.tenant).actor };
  await expect(createKey(viewer, { name: 'no', role: 'viewer' })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(revokeKey(admin, { id: crypto.randomUUID() })).rejects.toMatchObject({ code: 'not_found' });
  expect(await actionsOf(admin)).toEqual(['keys.create', 'tenants.create']);

  await using oracle = await Oracle.open(services.url);
  await oracle.ask('REVOKE INSERT ON audit_log FROM tidemark_app');
  await expect(revokeKey(admin, { id })).rejects.toThrow('permission denied');
  await expect(
    createTenant(services.actorContext('platform'), { slug: 'unheard-of', name: 'x', timeZone: 'UTC' }),
  ).rejects.toThrow('permission denied');
  await oracle.ask('GRANT INSERT ON audit_log TO tidemark_app');
  expect(await oracle.ask('SELECT revoked_at FROM api_keys WHERE id = $1', [id])).toEqual([{ revoked_at: null }]);
  expect(await oracle.ask("SELECT FROM tenants WHERE slug = 'unheard-of'", [])).toEqual([]);
});

test('a key is revoked once, and written down once, however often and by how many at once it is asked', async () => {
  services.setNow(NOW);
  const admin = await services.tenantContext();
  services.setNow(NOW + 1_000);
  const { id } = await createKey(admin, { name: 'ci', role: 'viewer' });
  services.setNow(NOW + 2_000);
  const answers = await Promise.all([1, 2, 3].map(() => revokeKey(admin, { id })));
  services.setNow(NOW + 3_000);
  answers.push(await revokeKey(admin, { id }));
  for (const answer of answers) expect(answer).toMatchObject({ id, revokedAt: '2026-11-22T10:00:02.000Z' });
  expect(await actionsOf(admin)).toEqual(['keys.revoke', 'keys.create', 'tenants.create']);
});

test('says that it cannot be read while the database is away', async () => {
  const admin = await services.tenantContext();
  await using proxy = await PostgresProxy.open(services.url);
  await using cut = await servicesResource({ databaseUrl: proxy.url });
  proxy.refuse();
  const own = { ...admin, resources: cut.resources };
  await expect(listAudit(own, { limit: 1 })).rejects.toMatchObject({ code: 'unavailable' });
});

test('is kept for 400 days', async () => {
  await using own = await servicesResource();
  own.setNow(NOW);
  const admin = await own.tenantContext();
  own.setNow(NOW + 2 * DAY_MS);
  await clearCache(admin, {});
  own.setNow(NOW + 401 * DAY_MS);
  await using _maintenance = startMaintenance(own.resources, { onError: () => {} });
  await expect.poll(() => actionsOf(admin)).toEqual(['clearCache']);
});
