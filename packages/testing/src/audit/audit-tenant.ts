import type { Ledger } from '../load/ledger.ts';
import type { Oracle } from '../oracle/oracle.ts';
import type { AuditedTenant } from './audited-tenant.ts';
import { findCommitFlaws } from './find-commit-flaws.ts';
import { findCountFlaws } from './find-count-flaws.ts';
import { findLedgerFlaws } from './find-ledger-flaws.ts';
import { findUserFlaws } from './find-user-flaws.ts';

export type AuditOptions = {
  readonly tenantId: string;
  /** What senders know; without it only the tables are held against each other. */
  readonly ledger?: Ledger;
};

/**
 * Holds everything that ingest and the fold derive against the events themselves, and the events against
 * the senders' book. Returns what is wrong, so that `[]` is a pass; servers may go on working meanwhile.
 */
export async function auditTenant(oracle: Oracle, options: AuditOptions): Promise<string[]> {
  const { tenantId, ledger } = options;
  await oracle.ask('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    // Tables that were empty a moment ago have no statistics yet, and a nested loop over them takes minutes.
    await oracle.ask('SET LOCAL enable_nestloop = off');
    return await findFlaws({ oracle, tenantId }, ledger);
  } finally {
    await oracle.ask('ROLLBACK');
  }
}

/** The audit within a transaction that is already open. */
export async function findFlaws(tenant: AuditedTenant, ledger?: Ledger): Promise<string[]> {
  return [
    ...(ledger === undefined ? [] : await findLedgerFlaws(tenant, ledger)),
    ...(await findCountFlaws(tenant)),
    ...(await findUserFlaws(tenant)),
    ...(await findCommitFlaws(tenant)),
  ];
}
