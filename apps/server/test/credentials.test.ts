import { createKey } from '@tidemark/services';
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
