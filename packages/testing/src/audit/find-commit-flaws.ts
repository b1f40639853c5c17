import { AUDITED_FROM } from './audited-from.ts';
import { type AuditedTenant, toFlaws } from './audited-tenant.ts';

/** Where the outbox does not list each event once, in the tenant's one order, with the days it touches. */
export async function findCommitFlaws({ oracle, tenantId }: AuditedTenant): Promise<string[]> {
  const listings = await oracle.ask(
    `WITH listed AS (
       SELECT id, at AS occurred_at, count(*) AS times, array_agg(seq) AS seqs
       FROM commits, unnest(ids, occurred_at) AS listing(id, at)
       -- An erased event leaves its place.
       WHERE tenant_id = $1 AND id <> '00000000-0000-0000-0000-000000000000' GROUP BY 1, 2
     ), stored AS (SELECT id, occurred_at FROM events WHERE tenant_id = $1)
     SELECT id, occurred_at, times, seqs, stored.id IS NULL AS is_invented
     FROM listed FULL JOIN stored USING (id, occurred_at) 
     WHERE (times IS DISTINCT FROM 1 OR stored.id IS NULL) AND occurred_at >= ${AUDITED_FROM}`,
    [tenantId],
  );
  const commits = await oracle.ask(
    `SELECT commits.seq, cardinality(ids) AS ids, days, tenant_heads.seq AS head
     FROM commits JOIN tenant_heads USING (tenant_id)
     WHERE tenant_id = $1 AND (
       commits.seq < 1 OR commits.seq > tenant_heads.seq
       OR cardinality(ids) <> cardinality(occurred_at)
       -- One without keys tells of changes of another kind: a zone, an erasure.
       OR cardinality(ids) > 0 AND days IS DISTINCT FROM (
         SELECT array_agg(DISTINCT (at AT TIME ZONE 'UTC')::date ORDER BY (at AT TIME ZONE 'UTC')::date)
         FROM unnest(occurred_at) AS at))`,
    [tenantId],
  );
  return [
    ...toFlaws('events are not listed by exactly one commit', listings),
    ...toFlaws('commits contradict themselves or the head', commits),
  ];
}
