import type { EventInput } from '@tidemark/schemas';
import { ingestEvents, type TenantContext } from '@tidemark/services';
import { auditTenant, Oracle, servicesResource } from '@tidemark/testing';
import { expect, test } from 'vitest';

const toEvents = (types: readonly string[]): EventInput[] => types.map((type) => ({ type }));
const named = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `type ${from + index}`);

async function send(ctx: TenantContext, types: readonly string[]): Promise<string[]> {
  const { receipts } = await ingestEvents(ctx, { events: toEvents(types) });
  return receipts.map(({ status, reason }) => (reason === undefined ? status : `${status}: ${reason.code}`));
}

test('a tenant has at most 1,000 types: the batch that crosses the cap is stored up to it', async () => {
  await using services = await servicesResource();
  await using oracle = await Oracle.open(services.url);
  const ctx = await services.tenantContext();
  expect(new Set(await send(ctx, named(0, 995)))).toEqual(new Set(['accepted']));

  const crossing = [...named(990, 1_005), 'type 3', 'type 1004', 'type 999'];
  const refused = (type: string) => Number(type.slice(5)) >= 1_000;
  expect(await send(ctx, crossing)).toEqual(
    crossing.map((type) => (refused(type) ? 'rejected: too_many_types' : 'accepted')),
  );
  expect(await send(ctx, ['type 0', 'new'])).toEqual(['accepted', 'rejected: too_many_types']);
  expect(await auditTenant(oracle, { tenantId: ctx.tenant.id })).toEqual([]);

  const neighbour = await services.tenantContext();
  expect(await send(neighbour, ['new'])).toEqual(['accepted']);
});

test('two servers that reach the cap at once stop at it together', async () => {
  await using services = await servicesResource();
  await using other = await servicesResource({ databaseUrl: services.url });
  await using oracle = await Oracle.open(services.url);
  const ctx = await services.tenantContext();
  const there = { ...ctx, resources: other.resources };
  await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      // Half of each batch is the other server's as well.
      send(index % 2 === 0 ? ctx : there, named(index * 100, index * 100 + 200)),
    ),
  );
  const [row] = await oracle.ask(
    `SELECT count(*) AS types, (SELECT count(DISTINCT type) FROM events WHERE tenant_id = $1) AS used
     FROM event_types WHERE tenant_id = $1`,
    [ctx.tenant.id],
  );
  expect(row).toEqual({ types: '1000', used: '1000' });
  expect(await auditTenant(oracle, { tenantId: ctx.tenant.id })).toEqual([]);
});
