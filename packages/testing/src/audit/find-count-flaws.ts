import { AUDITED_FROM, AUDITED_FROM_DAY } from './audited-from.ts';
import { type AuditedTenant, toFlaws } from './audited-tenant.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Minutes are written for events of the last eight days, and read for seven. */
const MINUTES_READ_MS = 7 * DAY_MS;

const LEVELS = [
  {
    level: 'minute',
    column: 'bucket',
    ofEvent: "date_bin('1 minute', occurred_at, 'epoch')",
    from: `greatest($2, ${AUDITED_FROM})`,
  },
  { level: 'quarter', column: 'bucket', ofEvent: "date_bin('15 minutes', occurred_at, 'epoch')", from: AUDITED_FROM },
  { level: 'day', column: 'day', ofEvent: '(occurred_at AT TIME ZONE time_zone)::date', from: AUDITED_FROM_DAY },
] as const;

/** Cells of the count tables that are not what counting the events gives. */
export async function findCountFlaws({ oracle, tenantId, now }: AuditedTenant): Promise<string[]> {
  const minutesFrom = new Date(now - MINUTES_READ_MS).toISOString();
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
      level === 'minute' ? [tenantId, minutesFrom] : [tenantId],
    );
    flaws.push(...toFlaws(`counts per ${level} are wrong`, rows));
  }
  return flaws;
}
