import { foldAll, ingestEvents, querySummary, type TenantContext } from '@tidemark/services';
import { assertEqualsBruteForce, Oracle, type ServicesResource, servicesResource } from '@tidemark/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

let services: ServicesResource;
let oracle: Oracle;
beforeAll(async () => {
  services = await servicesResource();
  oracle = await Oracle.open(services.url);
});
afterAll(async () => {
  await oracle[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});

/** One event of each user, over a day's hours; a third of them of another type. */
async function send(ctx: TenantContext, day: string, from: number, to: number): Promise<void> {
  const events = Array.from({ length: to - from }, (_, index) => ({
    type: index % 3 === 0 ? 'click' : 'view',
    userId: `user ${from + index}`,
    occurredAt: `2026-11-${day}T${String(index % 24).padStart(2, '0')}:07:00.000Z`,
  }));
  await ingestEvents(ctx, { events });
}

test.for([
  ['UTC', 'UTC'],
  ['UTC', 'Asia/Kathmandu'],
  ['Asia/Kathmandu', 'UTC'],
] as const)(
  'bits, arrays, the log and raw rows of one chunk are united: a tenant of %s asked in %s',
  async ([tenantZone, timeZone]) => {
    const ctx = await services.tenantContext({ timeZone: tenantZone });
    await send(ctx, '10', 0, 900);
    await send(ctx, '11', 800, 1_000);
    await send(ctx, '12', 100, 300);
    await foldAll(services.resources);
    await send(ctx, '12', 250, 350);
    await send(ctx, '13', 0, 20);

    const [kinds] = await oracle.ask(
      'SELECT count(members) AS arrays, count(bits) AS bits FROM user_sets_day WHERE tenant_id = $1',
      [ctx.tenant.id],
    );
    expect(Number(kinds?.bits)).toBeGreaterThan(0);
    expect(Number(kinds?.arrays)).toBeGreaterThan(0);
    for (const interval of ['day', 'hour', 'week'] as const) {
      for (const groupBy of ['type', 'device', undefined] as const) {
        for (const groupLimit of [1, 20]) {
          const range = { from: '2026-11-09T18:15:00.000Z', to: '2026-11-14T03:30:00.000Z' };
          const question = { ...range, interval, timeZone, groupLimit, ...(groupBy && { groupBy }) };
          await assertEqualsBruteForce(oracle, ctx.tenant.id, question, await querySummary(ctx, question));
        }
      }
    }
  },
);
