import { AUDITED_FROM, AUDITED_FROM_DAY } from './audited-from.ts';
import { type AuditedTenant, toFlaws } from './audited-tenant.ts';

const LEVELS = [
  { level: 'quarter', column: 'bucket', ofEvent: "date_bin('15 minutes', occurred_at, 'epoch')", from: AUDITED_FROM },
  { level: 'day', column: 'day', ofEvent: '(occurred_at AT TIME ZONE time_zone)::date', from: AUDITED_FROM_DAY },
] as const;

/** Cells of the count tables that are not what counting the events gives. */
export async function findCountFlaws({ oracle, tenantId }: AuditedTenant): Promise<string[]> {
  const flaws: string[] = [];
  for (const { level, column, ofEvent, from } of LEVELS) {
    const rows = await oracle.ask(
      `WITH truth AS (
         SELECT ${ofEvent} AS bucket, type, device, count(*) AS events
         FROM events JOIN tenant_heads USING (tenant_id) WHERE tenant_id = $1 GROUP BY 1, 2, 3
       ), stored AS (
         SELECT ${column} AS bucket, coalesce(name, '') AS type, device, events
         FROM event_counts_${level} LEFT JOIN event_types USING (tenant_id, type_id) WHERE tenant_id = $1
       )
       SELECT bucket, type, device, truth.events AS truth, stored.events AS stored
       FROM truth FULL JOIN stored USING (bucket, type, device)
       WHERE truth.events IS DISTINCT FROM stored.events AND bucket >= ${from}
       ORDER BY 1, 2, 3`,
      [tenantId],
    );
    flaws.push(...toFlaws(`counts per ${level} are wrong`, rows));
  }
  return flaws;
}
