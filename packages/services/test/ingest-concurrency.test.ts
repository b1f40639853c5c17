import { ingestEvents } from '@tidemark/services';
import { auditTenant, Ledger, type LoadEvent, makeLoadEvents, Oracle, servicesResource } from '@tidemark/testing';
import { expect, test } from 'vitest';

test('what arrives during a commit is merged into the next one', { timeout: 240_000 }, async () => {
  await using services = await servicesResource();
  await using oracle = await Oracle.open(services.url);
  const ctx = await services.tenantContext();
  const batches = Array.from({ length: 60 }, () => makeLoadEvents(50));
  const answers = await Promise.all(batches.map((events) => ingestEvents(ctx, { events })));
  expect(answers.flatMap(({ receipts }) => receipts.map(({ id }) => id))).toEqual(batches.flat().map(({ id }) => id));

  const commits = await oracle.ask('SELECT cardinality(ids) AS events FROM commits WHERE tenant_id = $1 ORDER BY seq', [
    ctx.tenant.id,
  ]);
  // The first batch alone, then all the others, which waited for it.
  expect(commits.map(({ events }) => Number(events))).toEqual([50, 59 * 50]);
  expect(await auditTenant(oracle, { tenantId: ctx.tenant.id })).toEqual([]);
});

test('tenants do not wait for each other', async () => {
  await using services = await servicesResource();
  await using oracle = await Oracle.open(services.url);
  const contexts = await Promise.all(Array.from({ length: 10 }, () => services.tenantContext()));
  await Promise.all(contexts.map((ctx) => ingestEvents(ctx, { events: makeLoadEvents(50) })));
  for (const { tenant } of contexts) {
    expect(await auditTenant(oracle, { tenantId: tenant.id })).toEqual([]);
  }
});

test('two servers that are sent the same events at once accept each of them once, in one order, without a deadlock', {
  timeout: 240_000,
}, async () => {
  await using services = await servicesResource();
  await using other = await servicesResource({ databaseUrl: services.url });
  await using oracle = await Oracle.open(services.url);
  const ctx = await services.tenantContext({ timeZone: 'Europe/Berlin' });
  const there = { ...ctx, resources: other.resources };
  const ledger = new Ledger();
  const events = makeLoadEvents(3_000);
  const send = async (server: typeof ctx, batch: readonly LoadEvent[]) => {
    ledger.enterSent(batch);
    const { receipts } = await ingestEvents(server, { events: [...batch] });
    ledger.enterReceipts(batch, receipts);
  };

  const batches = (size: number, of: readonly LoadEvent[]) =>
    Array.from({ length: Math.ceil(of.length / size) }, (_, index) => of.slice(index * size, (index + 1) * size));
  // In opposite orders and other cuts, so that every transaction meets keys of the other server's.
  await Promise.all([
    ...batches(100, events).map((batch) => send(ctx, batch)),
    ...batches(130, events.toReversed()).map((batch) => send(there, batch)),
  ]);

  expect(await auditTenant(oracle, { tenantId: ctx.tenant.id, ledger })).toEqual([]);
  const entries = [...ledger.entries.values()];
  expect(entries).toHaveLength(events.length);
  expect(entries.filter(({ accepted, duplicates }) => accepted !== 1 || duplicates !== 1)).toEqual([]);
});
