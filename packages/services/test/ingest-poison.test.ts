import type { NewEvent } from '@tidemark/database';
import { auditTenant, Oracle, type ServicesResource, servicesResource } from '@tidemark/testing';
import fc from 'fast-check';
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

const NOW = Date.now();

function toEvent(place: number, poison: Partial<NewEvent> = {}): NewEvent {
  return {
    id: `00000000-0000-4000-8000-${place.toString(16).padStart(12, '0')}`,
    occurredAt: NOW - place * 1_000,
    receivedAt: NOW,
    type: `type ${place % 3}`,
    userId: place % 4 === 0 ? null : `user ${place % 7}`,
    sessionId: null,
    device: place % 6,
    properties: '{"fine":true}',
    ...poison,
  };
}

/** What PostgreSQL refuses, had validation let it pass. */
const POISONS: Record<string, Partial<NewEvent>> = {
  'a NUL in the type': { type: 'a\u0000b' },
  'a NUL in the user': { userId: 'a\u0000b' },
  'a NUL in the session': { sessionId: 'a\u0000b' },
  'a NUL inside the properties': { properties: '{"a":"b\\u0000c"}' },
  'half a surrogate pair inside the properties': { properties: '{"a":"\\ud800"}' },
  'properties that are no JSON': { properties: '{"a":' },
  'a number beyond numeric': { properties: `{"a":1e${'9'.repeat(6)}}` },
  'an id that is no UUID': { id: 'poison' },
  'a device beyond smallint': { device: 70_000 },
};

test.for(Object.entries(POISONS))('an event with %s is refused alone', async ([, poison]) => {
  const { tenant, resources } = await services.tenantContext();
  const events = Array.from({ length: 8 }, (_, place) => toEvent(place, place === 5 ? poison : {}));
  const { outcomes } = await resources.groupCommit.submit(tenant.id, events, 'a key');
  expect(outcomes.map((outcome) => (typeof outcome === 'string' ? outcome : outcome.code))).toEqual(
    events.map((_, place) => (place === 5 ? 'unstorable' : 'accepted')),
  );
  expect(await countEvents(tenant.id)).toBe(7);
  expect(await auditTenant(oracle, { tenantId: tenant.id })).toEqual([]);
});

test('culprits are found wherever they stand, also among requests that were merged', { timeout: 120_000 }, async () => {
  const poisons = Object.values(POISONS);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.option(fc.nat({ max: poisons.length - 1 }), { freq: 5 }), { minLength: 1, maxLength: 12 }), {
        minLength: 1,
        maxLength: 5,
      }),
      async (requests) => {
        const { tenant, resources } = await services.tenantContext();
        let place = 0;
        const submissions = requests.map((request) =>
          request.map((poison) => toEvent(place++, poison === null ? {} : poisons[poison])),
        );
        const stored = await Promise.all(
          submissions.map((events) => resources.groupCommit.submit(tenant.id, events, 'a key')),
        );
        expect(
          stored.map(({ outcomes }) =>
            outcomes.map((outcome) => (typeof outcome === 'string' ? outcome : outcome.code)),
          ),
        ).toEqual(requests.map((request) => request.map((poison) => (poison === null ? 'accepted' : 'unstorable'))));
        const storable = requests.flat().filter((poison) => poison === null).length;
        expect(await countEvents(tenant.id)).toBe(storable);
        expect(await auditTenant(oracle, { tenantId: tenant.id })).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});

async function countEvents(tenantId: string): Promise<number> {
  const [row] = await oracle.ask('SELECT count(*) FROM events WHERE tenant_id = $1', [tenantId]);
  return Number(row?.count);
}
