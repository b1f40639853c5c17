import { Oracle } from '@tidemark/testing';

/** About 95 MB: more than whatever lies between an export and its reader holds. */
export const BIG = { events: 6_000, bytes: 8_000 };

/** Written past ingest: an export asks for no more than the rows and the oldest count. */
export async function fillBig(databaseUrl: string, tenantId: string): Promise<void> {
  await using oracle = await Oracle.open(databaseUrl);
  await oracle.ask(
    `INSERT INTO events (tenant_id, id, occurred_at, received_at, device, type, properties)
     SELECT $1, gen_random_uuid(), '2026-11-20T00:00:00Z'::timestamptz + place * interval '1 second', now(), 0, 'big',
       jsonb_build_object('text', (SELECT string_agg(md5(place || '-' || part), '') FROM generate_series(1, $3 / 32) AS part))
     FROM generate_series(1, $2::int) AS place`,
    [tenantId, BIG.events, BIG.bytes],
  );
  await oracle.ask(`INSERT INTO event_counts_quarter VALUES ($1, '2026-11-20T00:00:00Z', 1, 0, 1)`, [tenantId]);
}
