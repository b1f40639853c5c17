import { DEVICES } from '@tidemark/schemas';
import { type Ledger, type LedgerEntry, toIdentity } from '../load/ledger.ts';
import type { AuditedTenant } from './audited-tenant.ts';

type Row = Readonly<Record<string, string | null>>;

/** Where what is stored is not what the senders' book says; each event once, with what is known of it. */
export type LedgerDifference = {
  /** Acknowledged, and not there. */
  readonly lost: readonly object[];
  /** There, accepted or listed by a commit more than once. */
  readonly doubled: readonly object[];
  readonly altered: readonly object[];
  readonly neverSent: readonly object[];
};

/** Holds the stored events and the commits that list them against the senders' book. */
export async function compareLedger({ oracle, tenantId }: AuditedTenant, ledger: Ledger): Promise<LedgerDifference> {
  const rows = await oracle.ask(
    `SELECT id, ${toText('occurred_at')} AS at, type, user_id, device, properties FROM events WHERE tenant_id = $1`,
    [tenantId],
  );
  const listings = await oracle.ask(
    `SELECT id, ${toText('key.at')} AS at, count(*) AS times
     FROM commits, unnest(commits.ids, commits.occurred_at) AS key (id, at) WHERE tenant_id = $1
     GROUP BY 1, 2 HAVING count(*) > 1`,
    [tenantId],
  );
  const stored = Map.groupBy(rows, toIdentityOfRow);
  const listed = new Map(listings.map((row) => [toIdentityOfRow(row), Number(row.times)]));
  const lost: object[] = [];
  const doubled: object[] = [];
  const altered: object[] = [];
  for (const [identity, entry] of ledger.entries) {
    const { accepted, duplicates } = entry;
    const [row, ...more] = stored.get(identity) ?? [];
    const times = { stored: more.length + Number(row !== undefined), accepted, listed: listed.get(identity) ?? 1 };
    if (row === undefined && accepted + duplicates > 0) lost.push({ identity, accepted, duplicates });
    if (Object.values(times).some((count) => count > 1)) doubled.push({ identity, ...times });
    if (row !== undefined && !isAsSent(row, entry)) altered.push({ sent: entry.event, stored: row });
  }
  const neverSent = [...stored.keys()].filter((identity) => !ledger.entries.has(identity));
  return { lost, doubled, altered, neverSent: neverSent.map((identity) => ({ identity })) };
}

/** As senders write it. */
function toText(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

function toIdentityOfRow({ id, at }: Row): string {
  return toIdentity({ id: id ?? '', occurredAt: at ?? '' });
}

function isAsSent(row: Row, { event: { type, userId, device, properties } }: LedgerEntry): boolean {
  const isSame = row.type === type && row.user_id === (userId ?? null) && toDeviceName(row.device) === device;
  return isSame && isSameJson(row.properties, properties);
}

function toDeviceName(code: string | null | undefined): string | undefined {
  return DEVICES[Number(code) - 1];
}

/** jsonb writes an object in its own order and spacing; those of a load are flat. */
function isSameJson(stored: string | null | undefined, sent: object = {}): boolean {
  const flat = (value: object) =>
    JSON.stringify(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
  return flat(JSON.parse(stored ?? '{}') as object) === flat(sent);
}
