import { eraseUser, foldAll, ingestEvents } from '@tidemark/services';
import { auditTenant, makeLoadEvents, Oracle, servicesResource } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { eraseStep } from '../src/events/erase-step.ts';

test('erasing users on two servers while they send, and are folded, leaves every table right at every moment', {
  timeout: 120_000,
}, async () => {
  await using services = await servicesResource();
  await using other = await servicesResource({ databaseUrl: services.url });
  await using oracle = await Oracle.open(services.url);
  const ctx = await services.tenantContext({ timeZone: 'Asia/Kathmandu' });
  const audit = () => auditTenant(oracle, { tenantId: ctx.tenant.id });
  const servers = [services, other];
  // Few enough that those erased come back at once, while another server remembers their numbers.
  const events = () => makeLoadEvents(80).map((event, index) => ({ ...event, userId: `user ${index % 12}` }));
  await ingestEvents(ctx, { events: events() });
  let isErasing = true;
  const loops = servers.flatMap(({ resources }) => [
    (async () => {
      while (isErasing) await ingestEvents({ ...ctx, resources }, { events: events() });
    })(),
    (async () => {
      while (isErasing) await foldAll(resources);
    })(),
  ]);
  let erased = 0;
  try {
    for (let round = 0; round < 6; round += 1) {
      // Both at once: the same user, or two of them.
      const users = [`user ${round}`, `user ${round - (round % 3)}`];
      const answers = await Promise.all(
        users.map((userId, index) =>
          eraseUser({ ...ctx, resources: (servers[index] ?? services).resources }, { userId }),
        ),
      );
      erased += answers.reduce((sum, answer) => sum + answer.events, 0);
      expect(await audit()).toEqual([]);
    }
  } finally {
    isErasing = false;
    await Promise.all(loops);
  }
  expect(erased).toBeGreaterThan(50);
  await foldAll(services.resources);
  expect(await audit()).toEqual([]);
});

test('a user with very many events goes in many steps, between which others’ events are stored', {
  timeout: 120_000,
}, async () => {
  await using services = await servicesResource();
  await using oracle = await Oracle.open(services.url);
  const ctx = await services.tenantContext();
  const occurredAt = Date.parse('2026-11-20T10:00:00.000Z');
  for (let batch = 0; batch < 12; batch += 1) {
    const events = Array.from({ length: 1_000 }, (_, index) => ({
      type: index % 2 === 0 ? 'view' : 'click',
      userId: index % 10 === 0 ? 'bo' : 'bot',
      occurredAt: new Date(occurredAt + (batch * 1_000 + index) * 100).toISOString(),
    }));
    await ingestEvents(ctx, { events });
  }
  await foldAll(services.resources);
  let steps = 0;
  let events = 0;
  for (let state = 'more'; state === 'more'; steps += 1) {
    const step = await eraseStep(services.resources, ctx.tenant.id, 'bot');
    state = step.state;
    events += step.events;
    expect(step.events).toBeLessThanOrEqual(2_000);
    await ingestEvents(ctx, {
      events: [{ type: 'view', userId: 'bo', occurredAt: new Date(occurredAt).toISOString() }],
    });
    expect(await auditTenant(oracle, { tenantId: ctx.tenant.id })).toEqual([]);
  }
  expect(events).toBe(10_800);
  expect(steps).toBeGreaterThanOrEqual(6);
});
