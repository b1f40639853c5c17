import { ingestOutputSchema } from '@tidemark/schemas';
import { Oracle } from '@tidemark/testing';
import { expect } from 'vitest';
import type { ContractServer, ContractTenant } from '../contract/contract-server.ts';
import { dataOf } from '../contract/expectations.ts';
import { FACTS } from './fuzz-facts.ts';

/** Zones of the lanes' tenants: whole hours, odd ones, and one whose clocks change. */
const ZONES = ['UTC', 'Asia/Kathmandu', 'America/New_York', 'Australia/Lord_Howe'];

/** What one sequence of cases works on, so that several run at once and each knows what is stored. */
export type FuzzLane = AsyncDisposable & {
  readonly api: ContractServer;
  readonly oracle: Oracle;
  /** Holds the facts, and is only ever asked. */
  readonly facts: ContractTenant;
  /** Is written to, and its events are counted along. */
  readonly writes: ContractTenant;
  /** Its settings are changed at will. */
  readonly settings: ContractTenant;
  /** Has budgets of its own, and makes no calls that they could refuse. */
  readonly limited: ContractTenant;
  /** How many events `writes` has, by the receipts. */
  written: number;
};

export async function openLane(api: ContractServer, index: number): Promise<FuzzLane> {
  const timeZone = ZONES[index % ZONES.length] ?? 'UTC';
  const [facts, writes, settings, limited] = [
    await api.createTenant({ timeZone }),
    await api.createTenant({ timeZone }),
    await api.createTenant({ timeZone }),
    await api.createTenant({ timeZone }),
  ];
  const { receipts } = dataOf(await facts.admin.post('events.ingest', { events: FACTS }), ingestOutputSchema);
  expect(receipts.filter(({ status }) => status !== 'accepted')).toEqual([]);
  const oracle = await Oracle.open(api.databaseUrl);
  return {
    api,
    oracle,
    facts,
    writes,
    settings,
    limited,
    written: 0,
    [Symbol.asyncDispose]: () => oracle[Symbol.asyncDispose](),
  };
}
