import { DEVICES } from '@tidemark/schemas';
import { type Ledger, toIdentity } from '../load/ledger.ts';
import { type AuditedTenant, toFlaws } from './audited-tenant.ts';

/** Where the stored events are not what the senders' book says: acknowledged and lost, doubled, altered or never sent. */
export async function findLedgerFlaws({ oracle, tenantId }: AuditedTenant, ledger: Ledger): Promise<string[]> {
  const rows = await oracle.ask(
    `SELECT id, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
       type, user_id, device, properties
     FROM events WHERE tenant_id = $1`,
    [tenantId],
  );
  const stored = Map.groupBy(rows, ({ id, at }) => toIdentity({ id: id ?? '', occurredAt: at ?? '' }));
  const lost: object[] = [];
  const altered: object[] = [];
  for (const [identity, { event, accepted, duplicates }] of ledger.entries) {
    const [row, ...more] = stored.get(identity) ?? [];
    if (row === undefined && accepted + duplicates === 0) continue;
    const { type, userId = null, device } = event;
    const isSame =
      row !== undefined && row.type === type && row.user_id === userId && toDeviceName(row.device) === device;
    if (row === undefined || more.length > 0) lost.push({ identity, times: stored.get(identity)?.length ?? 0 });
    else if (!isSame || !isSameJson(row.properties, event.properties)) altered.push({ sent: event, stored: row });
  }
  const neverSent = [...stored.keys()].filter((identity) => !ledger.entries.has(identity));
  return [
    ...ledger.findFlaws(),
    ...toFlaws('acknowledged events are not stored exactly once', lost),
    ...toFlaws('events are stored otherwise than sent', altered),
    ...toFlaws(
      'stored events were never sent',
      neverSent.map((identity) => ({ identity })),
    ),
  ];
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
