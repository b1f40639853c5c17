import { isUsableKey, listAudit } from '@tidemark/services';
import { Oracle, type ServicesResource, servicesResource, temporaryFolderResource } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { type CredentialsOptions, writeCredentials } from '../src/credentials.ts';

function writerOf(services: ServicesResource, dataDir: string) {
  const addresses = { api: 'http://127.0.0.1:3001', dashboard: 'http://127.0.0.1:5173' };
  return (options: Pick<CredentialsOptions, 'hasTenantKeys' | 'platformKey'>) =>
    writeCredentials(services.resources, { dataDir, ...addresses, ...options });
}

test('a tenant without room for more keys keeps nobody from starting, stays as it was known, and is filled no further', async () => {
  await using services = await servicesResource();
  await using folder = await temporaryFolderResource();
  const write = writerOf(services, folder.path);
  const [full, other] = [await services.tenantContext(), await services.tenantContext()];
  await using oracle = await Oracle.open(services.url);
  const countInForce = async () => {
    const sql = 'SELECT count(*) FROM api_keys WHERE tenant_id = $1 AND revoked_at IS NULL';
    return Number((await oracle.ask(sql, [full.tenant.id]))[0]?.count);
  };
  const add = (count: number) =>
    oracle.ask(
      `INSERT INTO api_keys (id, tenant_id, name, role, prefix, secret_hash, created_at)
       SELECT gen_random_uuid(), $1, 'many', 'viewer', 'tmk', sha256(gen_random_uuid()::text::bytea), now()
       FROM generate_series(1, $2::int)`,
      [full.tenant.id, count],
    );
  // Room for one of the three.
  await add(999);
  const unknown = await write({ hasTenantKeys: true, platformKey: undefined });
  expect(unknown.tenants.map(({ id }) => id)).toEqual([other.tenant.id]);
  expect(await countInForce()).toBe(999);

  await oracle.ask(`DELETE FROM api_keys WHERE tenant_id = $1 AND name = 'many'`, [full.tenant.id]);
  const known = (await write({ hasTenantKeys: true, platformKey: undefined })).tenants;
  expect(known.map(({ id }) => id)).toEqual([full.tenant.id, other.tenant.id]);
  await oracle.ask(`UPDATE api_keys SET revoked_at = now() WHERE tenant_id = $1 AND role = 'viewer'`, [full.tenant.id]);
  await add(998);
  expect((await write({ hasTenantKeys: true, platformKey: undefined })).tenants).toEqual(known);
  expect(await countInForce()).toBe(1_000);
});

test('a platform key that is chosen anew takes the place of those before it, which come back no more', async () => {
  await using services = await servicesResource();
  await using folder = await temporaryFolderResource();
  const writeAll = writerOf(services, folder.path);
  const write = async (platformKey: string | undefined) =>
    (await writeAll({ hasTenantKeys: false, platformKey })).platformKey;
  const isUsable = (secret: string) => isUsableKey(services.resources, secret);
  const made = await write(undefined);
  expect([await write(undefined), await isUsable(made)]).toEqual([made, true]);
  const [first, second] = ['chosen-first-0123456789', 'chosen-second-0123456789'];
  await write(first);
  expect([await isUsable(made), await isUsable(first)]).toEqual([false, true]);
  // Another server of the fleet, and a start of the same one.
  await write(first);
  await write(second);
  expect([await isUsable(first), await isUsable(second)]).toEqual([false, true]);
  await expect(write(first)).rejects.toThrow('taken the place of');
  expect(await isUsable(second)).toBe(true);
  const { items } = await listAudit(services.actorContext('platform'), { limit: 10 });
  const ended = items.filter(({ action }) => action === 'keys.revoke');
  expect(ended.map(({ actor }) => actor.keyName)).toEqual(['operator', 'operator']);
});
