import { AUDITED_FROM, AUDITED_FROM_DAY } from './audited-from.ts';
import { type AuditedTenant, toFlaws } from './audited-tenant.ts';

const LEVELS = [
  {
    level: 'hour',
    column: 'bucket',
    toBucket: (instant: string) =>
      `date_bin(make_interval(mins => CASE WHEN ${instant} < quarter_sets_from THEN 60 ELSE set_minutes END), ${instant}, 'epoch')`,
    from: AUDITED_FROM,
  },
  {
    level: 'day',
    column: 'day',
    toBucket: (instant: string) => `(${instant} AT TIME ZONE time_zone)::date`,
    from: AUDITED_FROM_DAY,
  },
] as const;

/** A user belongs to four sets: of the type on the device, of the type, of the device, and of all. */
const KINDS = 'LATERAL (VALUES (type_id, device), (type_id, -1), (-1, device), (-1, -1)) AS kinds (type, kind)';

/** Users whom the sets and the log together do not know, or know without an event of theirs. */
export async function findUserFlaws({ oracle, tenantId }: AuditedTenant): Promise<string[]> {
  const flaws: string[] = [];
  for (const { level, column, toBucket, from } of LEVELS) {
    const rows = await oracle.ask(
      `WITH truth AS (
         SELECT DISTINCT ${toBucket('occurred_at')} AS bucket, kinds.type, kinds.kind, user_id
         FROM events JOIN tenant_heads USING (tenant_id)
           JOIN event_types ON event_types.tenant_id = events.tenant_id AND event_types.name = events.type, ${KINDS}
         WHERE events.tenant_id = $1 AND user_id IS NOT NULL
       ), logged AS (
         SELECT ${toBucket('quarter')} AS bucket, kinds.type, kinds.kind, ordinal
         FROM user_log JOIN tenant_heads USING (tenant_id), ${KINDS}, unnest(ordinals) AS ordinal WHERE tenant_id = $1
       ), members AS (
         SELECT ${column}, type_id, device, chunk * 8192 + get_byte(members, 2 * place) * 256 + get_byte(members, 2 * place + 1)
         FROM user_sets_${level}, generate_series(0, length(members) / 2 - 1) AS place WHERE tenant_id = $1
         UNION ALL
         SELECT ${column}, type_id, device, chunk * 8192 + place FROM user_sets_${level}, generate_series(0, 8191) AS place
         WHERE tenant_id = $1 AND bits IS NOT NULL AND get_bit(bits, place) = 1
       ), known AS (
         SELECT bucket, type, kind, coalesce(user_id, 'ordinal ' || ordinal) AS user_id
         FROM (TABLE logged UNION TABLE members) AS found
           LEFT JOIN (SELECT user_id, ordinal FROM users WHERE tenant_id = $1) AS named USING (ordinal)
       )
       SELECT * FROM (
         SELECT 'unknown' AS flaw, * FROM (TABLE truth EXCEPT TABLE known) AS lost
         UNION ALL
         SELECT 'invented', * FROM (TABLE known EXCEPT TABLE truth) AS made
       ) AS found WHERE bucket >= ${from}
       ORDER BY 1, 2, 3, 4, 5`,
      [tenantId],
    );
    const isUnknown = Map.groupBy(rows, ({ flaw }) => flaw === 'unknown');
    flaws.push(...toFlaws(`users are missing per ${level}`, isUnknown.get(true) ?? []));
    flaws.push(...toFlaws(`users are invented per ${level}`, isUnknown.get(false) ?? []));
  }
  return [...flaws, ...(await findNumberFlaws(oracle, tenantId))];
}

/** Ordinals and type ids that are not the dense numbers, known to the head, which their events hold. */
async function findNumberFlaws(oracle: AuditedTenant['oracle'], tenantId: string): Promise<string[]> {
  const wrongOrdinals = await oracle.ask(
    `SELECT events.id, user_id, user_ordinal, ordinal
     FROM events LEFT JOIN users USING (tenant_id, user_id)
     WHERE tenant_id = $1 AND user_ordinal IS DISTINCT FROM ordinal`,
    [tenantId],
  );
  const gaps = await oracle.ask(
    `SELECT * FROM (
       -- Those who were erased leave their numbers unused.
       SELECT 'users' AS of, count(user_id) + min(users_epoch) AS count,
         greatest(max(ordinal) + 1, min(next_ordinal)) AS next, min(next_ordinal) AS head
       FROM tenant_heads LEFT JOIN users USING (tenant_id) WHERE tenant_id = $1 AND (user_id IS NOT NULL OR next_ordinal > 0)
       UNION ALL
       SELECT 'types', count(*), coalesce(max(type_id), 0), min(next_type_id) - 1
       FROM tenant_heads LEFT JOIN event_types USING (tenant_id) WHERE tenant_id = $1 AND (name IS NOT NULL OR next_type_id > 1)
     ) AS numbered WHERE count > 0 AND (count <> next OR next <> head)`,
    [tenantId],
  );
  return [...toFlaws('events hold a wrong ordinal', wrongOrdinals), ...toFlaws('numberings have gaps', gaps)];
}
