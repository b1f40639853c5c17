import type { Ledger } from '../load/ledger.ts';
import { type AuditedTenant, toFlaws } from './audited-tenant.ts';
import { compareLedger } from './compare-ledger.ts';

/** Where the stored events are not what the senders' book says: acknowledged and lost, doubled, altered or never sent. */
export async function findLedgerFlaws(tenant: AuditedTenant, ledger: Ledger): Promise<string[]> {
  const { lost, doubled, altered, neverSent } = await compareLedger(tenant, ledger);
  return [
    ...ledger.findFlaws(),
    ...toFlaws('acknowledged events are not stored', lost),
    ...toFlaws('events are there more than once', doubled),
    ...toFlaws('events are stored otherwise than sent', altered),
    ...toFlaws('stored events were never sent', neverSent),
  ];
}
