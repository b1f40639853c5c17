import { listTenantRows } from '@tidemark/database';
import { Oracle, servicesResource } from '@tidemark/testing';
import { expect, test } from 'vitest';

test('look-ups that hang show as connections of the directory, busy and waited for', async () => {
  await using services = await servicesResource();
  await using oracle = await Oracle.open(services.url);
  const readDirectory = async () => {
    const text = await services.resources.metrics.registry.metrics();
    const samples = text.matchAll(/tidemark_pool_connections\{pool="directory",state="(\w+)"\} (\d+)/g);
    return Object.fromEntries([...samples].map(([, state, value]) => [state, Number(value)]));
  };
  await oracle.ask('BEGIN');
  await oracle.ask('LOCK TABLE tenants IN ACCESS EXCLUSIVE MODE');
  const lookUps = Array.from({ length: 5 }, () => listTenantRows(services.database.directory));
  await expect.poll(readDirectory).toEqual({ busy: 2, idle: 0, waited_for: 3 });
  await oracle.ask('ROLLBACK');
  await Promise.all(lookUps);
  expect(await readDirectory()).toEqual({ busy: 0, idle: 2, waited_for: 0 });
});
