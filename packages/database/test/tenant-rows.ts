/** The partition that the rows of `events` fall into. */
export const MONTH = '2026-03';
export const PARTITION = 'events_2026_03';

/** One row of each tenant table, as `INSERT INTO <table>` goes on; `$1` is its tenant. */
export const TENANT_ROWS: Readonly<Record<string, string>> = {
  tenant_heads: '(tenant_id) VALUES ($1)',
  commits: `(tenant_id, seq, committed_at, occurred_at, ids, days) VALUES ($1, 1, now(), '{}', '{}', '{}')`,
  event_types: `(tenant_id, type_id, name) VALUES ($1, 1, 'view')`,
  users: `(tenant_id, user_id, ordinal) VALUES ($1, 'ada', 0)`,
  events: `(tenant_id, id, occurred_at, received_at, device, type, properties)
    VALUES ($1, '00000000-0000-4000-8000-000000000001', '2026-03-10T12:00:00Z', now(), 0, 'view', '{}')`,
  event_counts_quarter: `(tenant_id, bucket, type_id, device, events) VALUES ($1, '2026-03-10T12:00:00Z', 1, 0, 1)`,
  event_counts_day: `(tenant_id, day, type_id, device, events) VALUES ($1, '2026-03-10', 1, 0, 1)`,
  user_sets_hour: `(tenant_id, bucket, chunk, type_id, device, members)
    VALUES ($1, '2026-03-10T12:00:00Z', 0, 1, 0, '\\x0000')`,
  user_sets_day: `(tenant_id, day, chunk, type_id, device, members) VALUES ($1, '2026-03-10', 0, 1, 0, '\\x0000')`,
  user_log: `(tenant_id, seq, quarter, type_id, device, ordinals) VALUES ($1, 1, '2026-03-10T12:00:00Z', 1, 0, '{0}')`,
  audit_log: `(tenant_id, id, done_at, key_id, key_name, role, action, evidence, request_id)
    VALUES ($1, '00000000-0000-4000-8000-000000000001', now(),
      '00000000-0000-4000-8000-000000000002', 'key', 'admin', 'clearCache', '{}', 'request')`,
  folds: '(tenant_id, folded_at) VALUES ($1, now())',
};
