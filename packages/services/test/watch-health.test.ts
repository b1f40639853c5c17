import type { Health, LoadSample } from '@tidemark/schemas';
import { watchHealth } from '@tidemark/services';
import { servicesResource } from '@tidemark/testing';
import { expect, test } from 'vitest';

const CALM: LoadSample = { loopDelayMs: 0, loopUtilisation: 0.1, waitingMs: 0, answersP95Ms: null, ownWaitMs: 0 };

test('health is told at once, when the level changes, and now and then', async () => {
  let pressure = CALM;
  await using services = await servicesResource({
    load: { sample: () => pressure, sampleTenants: () => new Map(), [Symbol.dispose]: () => {} },
  });
  const ctx = await services.tenantContext();
  const leaving = new AbortController();
  const [one, other] = [watchHealth(ctx, leaving.signal), watchHealth(ctx, leaving.signal)];
  const next = async (watch: AsyncGenerator<Health>) => (await watch.next()).value as Health;
  expect(await next(one)).toMatchObject({ status: 'ok', load: { level: 0 } });
  // The heartbeat: nothing has changed.
  expect(await next(one)).toMatchObject({ status: 'ok', load: { level: 0 } });

  pressure = { ...CALM, loopDelayMs: 500 };
  for (let samples = 0; samples < 4; samples += 1) services.resources.load.sample();
  await expect
    .poll(async () => (await next(one)).load, { timeout: 20_000 })
    .toMatchObject({ level: 2, why: ['The event loop is late by 500 ms.'] });
  // Computed once for both, who hear the newest.
  expect(services.resources.healthHub.size).toBe(1);
  await expect.poll(async () => (await next(other)).load.level, { timeout: 20_000 }).toBe(2);
  leaving.abort();
  await Promise.all([one, other].map((watch) => watch.return(undefined)));
  expect(services.resources.healthHub.size).toBe(0);
});

test('a watch of health ends once its credential does', async () => {
  await using services = await servicesResource();
  const ctx = await services.tenantContext();
  let isAllowed = true;
  const watch = watchHealth({ ...ctx, isStillAllowed: async () => isAllowed });
  await watch.next();
  isAllowed = false;
  await expect(watch.next()).rejects.toMatchObject({ code: 'unauthenticated' });
});
