import type { ColumnType, Generated } from 'kysely';

/** Milliseconds since the epoch when read; an ISO 8601 string when written. */
type Instant = ColumnType<number, string, string>;
/** A calendar day as `YYYY-MM-DD`. */
type Day = string;

type CountRow = { tenant_id: string; type_id: number; device: number; events: number };
type SetRow = {
  tenant_id: string;
  type_id: number;
  device: number;
  chunk: number;
  /** Two bytes each. */
  members: Buffer | null;
  bits: string | null;
  users: ColumnType<number, never, never>;
};

/** The schema as Kysely sees it. */
export type Tables = {
  tenants: {
    id: string;
    slug: string;
    name: string;
    time_zone: string;
    created_at: Instant;
    is_rebuilding: Generated<boolean>;
    raw_days: number | null;
    rollup_days: number | null;
    is_trimming: Generated<boolean>;
    limits: Generated<Readonly<Record<string, number>>>;
  };
  api_keys: {
    id: string;
    tenant_id: string | null;
    name: string;
    role: string;
    prefix: string;
    secret_hash: Buffer;
    previous_hash: Generated<Buffer | null>;
    previous_ends_at: ColumnType<number | null, string | null | undefined, string | null>;
    last_used_at: ColumnType<number | null, string | null | undefined, string | null>;
    created_at: Instant;
    expires_at: ColumnType<number | null, string | null, string | null>;
    revoked_at: ColumnType<number | null, string | null, string | null>;
  };
  sessions: { id: string; key_id: string; token_hash: Buffer; created_at: Instant; expires_at: Instant };
  sign_in_codes: { code_hash: Buffer; key_id: string; expires_at: Instant };
  audit_log: {
    tenant_id: string;
    id: string;
    done_at: Instant;
    key_id: string;
    session_id: string | null;
    key_name: string;
    role: string;
    action: string;
    target: string | null;
    evidence: ColumnType<Readonly<Record<string, unknown>>, string, never>;
    request_id: string;
  };
  tenant_heads: {
    tenant_id: string;
    seq: Generated<number>;
    next_ordinal: Generated<number>;
    next_type_id: Generated<number>;
    users_epoch: Generated<number>;
    retention_horizon: ColumnType<number | null, string | null, string | null>;
    rollup_horizon: ColumnType<number | null, string | null, string | null>;
    time_zone: Generated<string>;
    days_from: Day | null;
    set_minutes: Generated<number>;
    quarter_sets_from: ColumnType<number | null, string | null, string | null>;
  };
  commits: {
    tenant_id: string;
    seq: number;
    committed_at: Instant;
    occurred_at: string[];
    ids: string[];
    days: Day[];
  };
  event_types: { tenant_id: string; type_id: number; name: string };
  users: { tenant_id: string; user_id: string; ordinal: number };
  events: {
    tenant_id: string;
    id: string;
    occurred_at: Instant;
    received_at: Instant;
    user_ordinal: number | null;
    device: number;
    type: string;
    user_id: string | null;
    session_id: string | null;
    properties: Record<string, unknown>;
  };
  event_counts_quarter: CountRow & { bucket: Instant };
  event_counts_day: CountRow & { day: Day };
  user_sets_hour: SetRow & { bucket: Instant };
  user_sets_day: SetRow & { day: Day };
  user_log: {
    tenant_id: string;
    seq: number;
    quarter: Instant;
    type_id: number;
    device: number;
    ordinals: number[];
  };
  folds: { tenant_id: string; folded_at: Instant };
};
