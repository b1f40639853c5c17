import { expect, test } from 'vitest';
import { z } from 'zod';
import { createTidemark, defineEvents, TrackingPlanError } from '../../src/index.ts';
import { UnreliableServer } from '../unreliable-server.ts';

const plan = defineEvents({
  signup: z.object({ plan: z.enum(['solo', 'team']), seats: z.int().default(1) }),
  view: z.object({}),
});

function errorOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

test('an event as planned becomes what the schema makes of it', () => {
  expect(plan.types).toEqual(['signup', 'view']);
  expect(plan.toEvent('signup', { plan: 'team' }, { userId: 'ada' })).toEqual({
    type: 'signup',
    userId: 'ada',
    properties: { plan: 'team', seats: 1 },
  });
});

test('what the compiler was not asked is refused at run time, with every flaw by its path', () => {
  const refusal = errorOf(() => Reflect.apply(plan.toEvent, plan, ['signup', { plan: 'all', seats: 1.5 }]));
  expect(refusal).toBeInstanceOf(TrackingPlanError);
  expect(refusal).toMatchObject({
    type: 'signup',
    flaws: [{ path: 'properties.plan' }, { path: 'properties.seats' }],
    message: expect.stringContaining('signup is not as planned: properties.plan: '),
  });
});

test('an event that is not in the plan is refused, with those that are', () => {
  const refusal = errorOf(() => Reflect.apply(plan.toEvent, plan, ['sign_up', {}]));
  expect(refusal).toMatchObject({ flaws: [{ path: 'type', message: 'must be one of signup, view' }] });
});

test('a schema that cannot answer at once is a mistake of the plan', () => {
  const late = defineEvents({ view: z.object({}).refine(async () => true) });
  expect(() => late.toEvent('view')).toThrow();
});

test('with a plan track takes nothing else; without one, anything', async () => {
  await using server = await UnreliableServer.start();
  const planned = createTidemark({ url: server.url, plan });
  expect(() => Reflect.apply(planned.track, planned, ['sign_up'])).toThrow(TrackingPlanError);
  expect(planned.track('view')).toBe(true);
  await planned.tracking.close();
  const free = createTidemark({ url: server.url });
  expect(free.track('anything', { at: { all: true } }, { device: 'server' })).toBe(true);
  await free.tracking.close();
  expect(server.ingested).toMatchObject([
    { events: [{ type: 'view', properties: {} }] },
    { events: [{ type: 'anything', properties: { at: { all: true } }, device: 'server' }] },
  ]);
});
