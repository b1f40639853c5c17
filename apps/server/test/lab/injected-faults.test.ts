import { createTidemark, toTidemarkError } from '@tidemark/client';
import { createLoadTenant, databaseResource, type ServerResource, serverResource } from '@tidemark/testing';
import { expect, test } from 'vitest';

const keyless = { last: '1h', fresh: true } as const;

const refusalOf = async (call: Promise<unknown>) => await call.then(() => undefined, toTidemarkError);

async function tenantOf(server: ServerResource) {
  const { id } = await createLoadTenant(server);
  return createTidemark({ url: server.url, key: server.platformKey, tenantId: id, retries: 0 });
}

test('faults break what the server asks of its database, until they are cleared or over', async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const server = stack.use(await serverResource({ databaseUrl, env: { TIDEMARK_LAB: '1' } }));
  const tidemark = await tenantOf(server);

  expect(await tidemark.admin.faults.inject.mutate({ fault: 'database_down', forMs: 60_000 })).toMatchObject({
    active: { fault: 'database_down' },
  });
  expect(await refusalOf(tidemark.analytics.summary.query(keyless))).toMatchObject({ code: 'unavailable' });
  // A platform key is known for a second, and then from memory.
  await expect.poll(() => refusalOf(tidemark.admin.faults.clear.mutate())).toBeUndefined();
  await expect.poll(() => refusalOf(tidemark.analytics.summary.query(keyless)), { timeout: 15_000 }).toBeUndefined();

  // One takes the place of another, be it in the way of what is written down.
  await tidemark.admin.faults.inject.mutate({ fault: 'database_down', forMs: 60_000 });
  await tidemark.admin.faults.inject.mutate({ fault: 'database_slow', delayMs: 700, forMs: 60_000 });
  expect((await tidemark.analytics.summary.query(keyless)).meta.tookMs).toBeGreaterThan(700);
  await tidemark.admin.faults.inject.mutate({ fault: 'database_down', forMs: 500 });
  await expect.poll(() => refusalOf(tidemark.analytics.summary.query(keyless)), { timeout: 15_000 }).toBeUndefined();
});

test('without TIDEMARK_LAB nobody injects a fault, nor runs the scenario that does', async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const server = stack.use(await serverResource({ databaseUrl }));
  const tidemark = createTidemark({ url: server.url, key: server.platformKey });
  const setting = { code: 'forbidden', evidence: { setting: 'TIDEMARK_LAB' } };
  expect(await refusalOf(tidemark.admin.faults.inject.mutate({ fault: 'database_down', forMs: 1 }))).toMatchObject(
    setting,
  );
  expect(await refusalOf(tidemark.admin.faults.clear.mutate())).toMatchObject(setting);
  const { promise, resolve } = Promise.withResolvers<unknown>();
  tidemark.admin.lab.run.subscribe({ scenario: 'circuit_breaker' }, { onData: resolve, onError: resolve });
  expect(toTidemarkError(await promise)).toMatchObject(setting);
});
