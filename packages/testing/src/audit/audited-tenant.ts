import type { Oracle } from '../oracle/oracle.ts';

/** The tenant under audit, through one snapshot of its database. */
export type AuditedTenant = {
  readonly oracle: Oracle;
  readonly tenantId: string;
};

/** Enough to see what kind of flaw it is. */
const MAX_EXAMPLES = 3;

/** Rows that should not be there, as one flaw; none where there are none. */
export function toFlaws(what: string, rows: readonly object[]): string[] {
  if (rows.length === 0) return [];
  const examples = rows.slice(0, MAX_EXAMPLES).map((row) => JSON.stringify(row));
  return [`${rows.length} ${what}, such as ${examples.join(' ')}`];
}
