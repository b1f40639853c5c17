import { type Kysely, sql } from 'kysely';

/**
 * Two kinds of tables. Reference tables (tenants, keys, sessions) are small and are looked up before a
 * tenant is known. Tenant tables have tenant_id first in every key, and row-level security that even
 * their owner obeys.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of [...REFERENCE_TABLES, ...TENANT_TABLES, ...SET_FUNCTIONS]) {
    await sql.raw(statement).execute(db);
  }
  for (const table of TENANT_TABLE_NAMES) {
    await sql.raw(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`).execute(db);
    await sql.raw(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`).execute(db);
    await sql.raw(`CREATE POLICY own_tenant ON ${table} USING (tenant_id = ${CURRENT_TENANT})`).execute(db);
    await sql.raw(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO tidemark_app`).execute(db);
  }
  for (const table of REFERENCE_TABLE_NAMES) {
    await sql.raw(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO tidemark_app`).execute(db);
  }
}

const CURRENT_TENANT = `nullif(current_setting('app.tenant_id', true), '')::uuid`;

const REFERENCE_TABLE_NAMES = ['tenants', 'api_keys', 'sessions', 'sign_in_codes'];
const TENANT_TABLE_NAMES = [
  'tenant_heads',
  'commits',
  'event_types',
  'users',
  'events',
  'event_counts_minute',
  'event_counts_quarter',
  'event_counts_day',
  'user_sets_hour',
  'user_sets_day',
  'user_log',
  'folds',
];

const REFERENCE_TABLES = [
  `CREATE TABLE tenants (
     id uuid PRIMARY KEY,
     slug text NOT NULL UNIQUE,
     name text NOT NULL,
     time_zone text NOT NULL,
     -- 60, or 15 where the zone is off the whole hour: the grain of user_sets_hour.
     set_minutes smallint NOT NULL CHECK (set_minutes IN (15, 60)),
     created_at timestamptz NOT NULL
   )`,
  `CREATE TABLE api_keys (
     id uuid PRIMARY KEY,
     tenant_id uuid REFERENCES tenants,
     name text NOT NULL,
     role text NOT NULL,
     prefix text NOT NULL,
     secret_hash bytea NOT NULL UNIQUE,
     created_at timestamptz NOT NULL,
     expires_at timestamptz,
     revoked_at timestamptz,
     CHECK ((role = 'platform') = (tenant_id IS NULL))
   )`,
  'CREATE INDEX api_keys_of_tenant ON api_keys (tenant_id, created_at)',
  `CREATE TABLE sessions (
     id uuid PRIMARY KEY,
     key_id uuid NOT NULL REFERENCES api_keys,
     token_hash bytea NOT NULL UNIQUE,
     created_at timestamptz NOT NULL,
     expires_at timestamptz NOT NULL
   )`,
  `CREATE TABLE sign_in_codes (
     code_hash bytea PRIMARY KEY,
     key_id uuid NOT NULL REFERENCES api_keys,
     expires_at timestamptz NOT NULL
   )`,
];

const TENANT_TABLES = [
  // Updated by every commit: room on the page keeps those updates off the index.
  `CREATE TABLE tenant_heads (
     tenant_id uuid PRIMARY KEY,
     seq bigint NOT NULL DEFAULT 0,
     next_ordinal integer NOT NULL DEFAULT 0,
     next_type_id smallint NOT NULL DEFAULT 1,
     retention_horizon timestamptz
   ) WITH (fillfactor = 20)`,
  `CREATE TABLE commits (
     tenant_id uuid NOT NULL,
     seq bigint NOT NULL,
     committed_at timestamptz NOT NULL,
     occurred_at timestamptz[] NOT NULL,
     ids uuid[] NOT NULL,
     days date[] NOT NULL,
     PRIMARY KEY (tenant_id, seq)
   )`,
  `CREATE TABLE event_types (
     tenant_id uuid NOT NULL,
     type_id smallint NOT NULL,
     name text NOT NULL,
     PRIMARY KEY (tenant_id, type_id),
     UNIQUE (tenant_id, name)
   )`,
  `CREATE TABLE users (
     tenant_id uuid NOT NULL,
     user_id text NOT NULL,
     ordinal integer NOT NULL,
     PRIMARY KEY (tenant_id, user_id),
     UNIQUE (tenant_id, ordinal)
   )`,
  // Wide fixed columns first, so that no padding is stored.
  `CREATE TABLE events (
     tenant_id uuid NOT NULL,
     id uuid NOT NULL,
     occurred_at timestamptz NOT NULL,
     received_at timestamptz NOT NULL,
     user_ordinal integer,
     device smallint NOT NULL,
     type text NOT NULL,
     user_id text,
     session_id text,
     properties jsonb NOT NULL,
     PRIMARY KEY (tenant_id, occurred_at, id)
   ) PARTITION BY RANGE (occurred_at)`,
  ...['minute', 'quarter'].map(
    (level) => `CREATE TABLE event_counts_${level} (
     tenant_id uuid NOT NULL,
     bucket timestamptz NOT NULL,
     type_id smallint NOT NULL,
     device smallint NOT NULL,
     events bigint NOT NULL,
     PRIMARY KEY (tenant_id, bucket, type_id, device)
   ) WITH (fillfactor = 70)`,
  ),
  `CREATE TABLE event_counts_day (
     tenant_id uuid NOT NULL,
     day date NOT NULL,
     type_id smallint NOT NULL,
     device smallint NOT NULL,
     events bigint NOT NULL,
     PRIMARY KEY (tenant_id, day, type_id, device)
   ) WITH (fillfactor = 70)`,
  // A reader asks for one grouping over a range, so the grouping stands before the bucket.
  ...(
    [
      ['hour', 'bucket timestamptz'],
      ['day', 'day date'],
    ] as const
  ).flatMap(([level, column]) => [
    `CREATE TABLE user_sets_${level} (
     tenant_id uuid NOT NULL,
     ${column} NOT NULL,
     chunk integer NOT NULL,
     type_id smallint NOT NULL,
     device smallint NOT NULL,
     members smallint[],
     bits bit(8192),
     PRIMARY KEY (tenant_id, type_id, device, ${column.split(' ')[0]}, chunk),
     CHECK ((members IS NULL) <> (bits IS NULL))
   )`,
    // A thousand bytes fit the page: out of line they would cost ten times the read.
    `ALTER TABLE user_sets_${level} ALTER COLUMN bits SET STORAGE PLAIN`,
    `ALTER TABLE user_sets_${level} ALTER COLUMN members SET STORAGE PLAIN`,
  ]),
  `CREATE TABLE user_log (
     tenant_id uuid NOT NULL,
     seq bigint NOT NULL,
     quarter timestamptz NOT NULL,
     ordinal integer NOT NULL,
     type_id smallint NOT NULL,
     device smallint NOT NULL,
     PRIMARY KEY (tenant_id, seq, quarter, type_id, device, ordinal)
   )`,
  `CREATE TABLE folds (
     tenant_id uuid PRIMARY KEY,
     folded_at timestamptz NOT NULL
   )`,
];

/**
 * A user set is a sorted array of up to 256 positions, or 8,192 bits. These unite two of them; they are
 * immutable, so that an upsert may call them on every node of a distributed database.
 */
const SET_FUNCTIONS = [
  `CREATE FUNCTION user_set_bits(members smallint[]) RETURNS bit(8192) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
     SELECT bit_or(set_bit(B'0'::bit(8192), member, 1)) FROM unnest(members) AS member
   $$`,
  `CREATE FUNCTION user_set_members(one smallint[], other smallint[]) RETURNS smallint[]
     LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
     SELECT array_agg(member ORDER BY member) FROM (SELECT unnest(one) UNION SELECT unnest(other)) AS both_sets(member)
   $$`,
];
