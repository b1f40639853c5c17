import { exportEvents, ingestEvents, type TenantContext } from '@tidemark/services';
import { type ServicesResource, servicesResource } from '@tidemark/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** Twenty years are searched day by day. */
const LONG_AGO = '2007-01-01T00:00:00.000Z';
const NOW = '2026-11-20T00:00:00.000Z';
const DAYS = 7_263;
/** By then the search is well under way. */
const SEARCHED = 20;

let services: ServicesResource;
let ctx: TenantContext;
beforeEach(async () => {
  services = await servicesResource();
  services.setNow(Date.parse(NOW));
  ctx = await services.tenantContext();
  const events = [LONG_AGO, NOW].map((occurredAt) => ({ type: 'view', occurredAt, userId: 'ada' }));
  await ingestEvents(ctx, { events });
});
afterEach(() => services[Symbol.asyncDispose]());

/** Reads so far, and a promise of so many. */
function countReads() {
  let count = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  services.database.reads.on('acquire', () => {
    count += 1;
    if (count === SEARCHED) resolve();
  });
  return { underWay: promise, count: () => count };
}

test('a search ends when its reader leaves, and holds its place among the exports no longer', async () => {
  const leaving = new AbortController();
  const reads = countReads();
  const next = exportEvents(ctx, { userId: 'nobody' }, leaving.signal).next();
  await reads.underWay;
  expect(services.resources.openExports.count(ctx.tenant.id)).toBe(1);
  leaving.abort();
  expect(await next).toMatchObject({ done: true });
  expect(services.resources.openExports.count(ctx.tenant.id)).toBe(0);
  expect(reads.count()).toBeLessThan(DAYS / 2);
});

test('a search ends when its credential does, though it has found nothing to show', async () => {
  let isAllowed = true;
  const reads = countReads();
  const next = exportEvents({ ...ctx, isStillAllowed: async () => isAllowed }, { userId: 'nobody' }).next();
  await reads.underWay;
  isAllowed = false;
  await expect(next).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(reads.count()).toBeLessThan(DAYS / 2);
});
