import { createKey, listAudit, listKeys, revokeKey, type TenantContext } from '@tidemark/services';
import { Oracle, type ServicesResource, servicesResource } from '@tidemark/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const NOW = Date.parse('2026-11-22T10:00:00Z');
const MINUTE_MS = 60_000;
const KEY = { name: 'one more', role: 'viewer' } as const;

let services: ServicesResource;
let oracle: Oracle;
beforeAll(async () => {
  services = await servicesResource();
  oracle = await Oracle.open(services.url);
});
afterAll(async () => {
  await oracle?.[Symbol.asyncDispose]();
  await services?.[Symbol.asyncDispose]();
});

/** Keys that were made in the days before, the nth n minutes into them; how they end is in the words of SQL. */
async function addKeys(
  { tenant }: TenantContext,
  count: number,
  ends: { revokedAt?: string; expiresAt?: string } = {},
) {
  const { revokedAt = 'NULL', expiresAt = 'NULL' } = ends;
  await oracle.ask(
    `INSERT INTO api_keys (id, tenant_id, name, role, prefix, secret_hash, created_at, revoked_at, expires_at)
     SELECT gen_random_uuid(), $1, 'key ' || n, 'viewer', 'tmk', sha256(gen_random_uuid()::text::bytea),
       made.at, ${revokedAt}, ${expiresAt}
     FROM generate_series(1, $2::int) n,
       LATERAL (SELECT '2026-11-20T00:00:00Z'::timestamptz + n * interval '1 minute' AS at) made`,
    [tenant.id, count],
  );
}

test('a tenant has a thousand keys in force at most; what is revoked makes room', async () => {
  services.setNow(NOW);
  const [admin, other] = [await services.tenantContext(), await services.tenantContext()];
  await addKeys(admin, 999);
  await addKeys(admin, 5, { revokedAt: 'now()' });
  await addKeys(admin, 5, { expiresAt: 'made.at' });
  services.setNow(NOW + 1);
  const { id } = await createKey(admin, KEY);
  const refusal = { code: 'conflict', message: expect.stringContaining('revoke one'), evidence: { limit: 1_000 } };
  await expect(createKey(admin, KEY)).rejects.toMatchObject(refusal);
  await createKey(other, KEY);
  const { items } = await listAudit(admin, { limit: 50 });
  expect(items.map(({ action }) => action)).toEqual(['keys.create', 'tenants.create']);

  await revokeKey(admin, { id });
  await createKey(admin, KEY);
  await expect(createKey(admin, KEY)).rejects.toMatchObject(refusal);
});

test('the last place is given to one of two who ask at once', async () => {
  services.setNow(NOW);
  const admin = await services.tenantContext();
  await addKeys(admin, 999);
  await using holder = await Oracle.open(services.url);
  // Keys can be counted, and none can be stored, until both are under way.
  await holder.ask('BEGIN');
  await holder.ask('LOCK TABLE api_keys IN SHARE MODE');
  const made = Promise.allSettled([createKey(admin, KEY), createKey(admin, KEY)]);
  const waiting = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
  await expect.poll(() => oracle.ask(`SELECT count(*) ${waiting}`)).toEqual([{ count: '2' }]);
  await holder.ask('COMMIT');
  expect((await made).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await listKeys(admin)).toHaveLength(1_000);
});

test('a key that has expired makes room', async () => {
  services.setNow(NOW);
  const admin = await services.tenantContext();
  await addKeys(admin, 999);
  await createKey(admin, { ...KEY, expiresAt: '2026-11-22T10:01:00Z' });
  services.setNow(NOW + MINUTE_MS - 1);
  await expect(createKey(admin, KEY)).rejects.toMatchObject({ code: 'conflict' });
  services.setNow(NOW + MINUTE_MS);
  await createKey(admin, KEY);
});

test('lists what is in force whole, and of what has ended the last, a thousand in all and the oldest first', async () => {
  services.setNow(NOW);
  const admin = await services.tenantContext();
  await addKeys(admin, 20);
  await addKeys(admin, 10, { expiresAt: "'2027-01-01T00:00:00Z'" });
  // Those made first ended last.
  await addKeys(admin, 600, { revokedAt: "'2026-11-22T00:00:00Z'::timestamptz - n * interval '1 minute'" });
  await addKeys(admin, 600, { expiresAt: "'2026-11-22T00:00:30Z'::timestamptz - n * interval '1 minute'" });
  const keys = await listKeys(admin);
  expect(keys).toHaveLength(1_000);
  expect(keys.map(({ createdAt }) => createdAt)).toEqual(keys.map(({ createdAt }) => createdAt).sort());

  const isRevoked = (key: (typeof keys)[number]) => key.revokedAt !== null;
  const isExpired = ({ expiresAt }: (typeof keys)[number]) => expiresAt !== null && Date.parse(expiresAt) <= NOW;
  expect(keys.filter((key) => !isRevoked(key) && !isExpired(key))).toHaveLength(30);
  const last = Array.from({ length: 485 }, (_, index) => `key ${index + 1}`);
  expect(keys.filter(isRevoked).map(({ name }) => name)).toEqual(last);
  expect(keys.filter(isExpired).map(({ name }) => name)).toEqual(last);
});
