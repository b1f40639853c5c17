import { createKey, isUsableKey, listAudit } from '@tidemark/services';
import { Oracle, servicesResource, temporaryFolderResource } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { writeCredentials } from '../src/credentials.ts';

test('a tenant without room for more keys is left out, and keeps nobody from starting', async () => {
  await using services = await servicesResource();
  await using folder = await temporaryFolderResource();
  const [full, other] = [await services.tenantContext(), await services.tenantContext()];
  await using oracle = await Oracle.open(services.url);
  await oracle.ask(
    `INSERT INTO api_keys (id, tenant_id, name, role, prefix, secret_hash, created_at)
     SELECT gen_random_uuid(), $1, 'many', 'viewer', 'tmk', sha256(n::text::bytea), now() FROM generate_series(1, 1000) n`,
    [full.tenant.id],
  );
  await expect(createKey(full, { name: 'no', role: 'viewer' })).rejects.toMatchObject({ code: 'conflict' });

  const { tenants } = await writeCredentials(services.resources, {
    dataDir: folder.path,
    api: 'http://127.0.0.1:3001',
    dashboard: 'http://127.0.0.1:5173',
    hasTenantKeys: true,
    platformKey: undefined,
  });
  expect(tenants.map(({ id }) => id)).toEqual([other.tenant.id]);
});

test('a platform key that is chosen anew takes the place of those before it, which come back no more', async () => {
  await using services = await servicesResource();
  await using folder = await temporaryFolderResource();
  const write = async (platformKey: string | undefined) => {
    const addresses = { api: 'http://127.0.0.1:3001', dashboard: 'http://127.0.0.1:5173' };
    const options = { dataDir: folder.path, ...addresses, hasTenantKeys: false, platformKey };
    return (await writeCredentials(services.resources, options)).platformKey;
  };
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
