import type { Tenant } from '@tidemark/schemas';
import { Failure } from '../src/connection/failure.ts';
import { type Place, type PlaceAction, reducePlace, toPlace } from '../src/place/place.ts';

export const ACME = tenantFixture('acme', 1);
export const GLOBEX = tenantFixture('globex', 2);
export const NO_SERVER = new Failure('No server at http://127.0.0.1:3001.', 'Start one with: npm start');

function tenantFixture(slug: string, number: number): Tenant {
  return {
    id: `00000000-0000-4000-8000-00000000000${number}`,
    slug,
    name: slug,
    timeZone: 'Europe/Berlin',
    createdAt: '2026-11-01T00:00:00.000Z',
  };
}

/** Where one is after these actions, from the overview of the first of two tenants and the last 24 hours. */
export function placeFixture(...actions: readonly PlaceAction[]): Place {
  const first = { view: 'overview', range: '24h', interval: 'auto', filters: {}, by: 'type' } as const;
  return actions.reduce(reducePlace, toPlace([ACME, GLOBEX], ACME, first));
}
