import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { FaultyPool } from './faulty-pool.ts';
import type { InjectedFaults } from './injected-faults.ts';
import type { Tables } from './tables.ts';

/** Each timeout is shorter than the patience of whoever waits above it. */
const CONNECT_TIMEOUT_MS = 3_000;
const READ_STATEMENT_TIMEOUT_MS = 15_000;
const INGEST_STATEMENT_TIMEOUT_MS = 10_000;
const PROBE_STATEMENT_TIMEOUT_MS = 2_000;
const OWNER_STATEMENT_TIMEOUT_MS = 60_000;
const LOCK_TIMEOUT_MS = 5_000;
/** A server that freezes while it holds a tenant's head is cut off after this. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 5_000;
/** How much later than the statement's own timeout the client gives up on a silent server. */
const SILENCE_GRACE_MS = 2_000;
const CONNECTION_CHECK_MS = 2_000;
/** What a burst has opened is given back soon after it. */
const IDLE_TIMEOUT_MS = 10_000;
/** Enough for a 90-day summary's bit sets to be united in memory. */
const READ_WORK_MEM = '64MB';

/** The connections of one server. Reads and ingest never wait for each other. */
export type Database = {
  readonly reads: pg.Pool;
  readonly ingest: pg.Pool;
  /** Asked whether the database is there: what fills the others says nothing of that. */
  readonly probes: pg.Pool;
  /** Reference tables: tenants, keys, sessions. As the app role, without a tenant. */
  readonly directory: Kysely<Tables>;
  /** Makes partitions and holds start-up locks; the one role that owns tables. */
  readonly owner: Kysely<Tables>;
  /** All of them, for whoever counts their connections. */
  readonly pools: Readonly<Record<PoolName, pg.Pool>>;
  close(): Promise<void>;
};

type PoolName = 'reads' | 'ingest' | 'probes' | 'directory' | 'owner';

export type ConnectOptions = {
  /** The owner's URL; the service pools become `tidemark_app` as they connect. */
  url: string;
  /** Connections for analytics and lists. Default 6: a few per core. */
  readConnections?: number;
  /** Connections for ingest. Default 6: tenants that commit at the same time. */
  ingestConnections?: number;
  /** What a lab puts between the pools and the database. Default: nothing can be. */
  faults?: InjectedFaults | undefined;
  /** Told of connections that broke while idle. */
  onError?: (error: Error) => void;
};

/** Of a pool's sessions, as PostgreSQL calls them; and how long a connection may be idle, 0: for good. */
type Settings = Record<string, string | number> & { readonly idleTimeoutMs?: number };

export function connectDatabase(options: ConnectOptions): Database {
  const { url, readConnections = 6, ingestConnections = 6, faults, onError = () => {} } = options;
  const pool = (
    max: number,
    statementTimeoutMs: number,
    { idleTimeoutMs = IDLE_TIMEOUT_MS, ...settings }: Settings,
  ) => {
    const config: pg.PoolConfig = {
      connectionString: url,
      max,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: idleTimeoutMs,
      query_timeout: statementTimeoutMs + SILENCE_GRACE_MS,
      // Statements that do not need each other's answers are sent at once: a round trip costs more than most of them.
      pipeline: true,
      keepAlive: true,
      types: { getTypeParser },
      options: toOptions({
        TimeZone: 'UTC',
        statement_timeout: statementTimeoutMs,
        lock_timeout: LOCK_TIMEOUT_MS,
        idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
        ...settings,
      }),
    };
    const opened = faults === undefined ? new pg.Pool(config) : new FaultyPool(config, faults);
    opened.on('error', onError);
    opened.on('connect', surviveItsEnd);
    return opened;
  };

  const reads = pool(readConnections, READ_STATEMENT_TIMEOUT_MS, {
    role: 'tidemark_app',
    work_mem: READ_WORK_MEM,
    // Compiling a plan costs more than our longest answers take.
    jit: 'off',
    // Of an answer that was given up the database hears no later than this.
    client_connection_check_interval: CONNECTION_CHECK_MS,
  });
  const ingest = pool(ingestConnections, INGEST_STATEMENT_TIMEOUT_MS, {
    role: 'tidemark_app',
    // A receipt promises that the commit is on disk, whatever the database's own default.
    synchronous_commit: 'on',
  });
  // Kept for good: a doubt that has to connect first would take a database that lacks connections for one that is away.
  const probes = pool(2, PROBE_STATEMENT_TIMEOUT_MS, { role: 'tidemark_app', idleTimeoutMs: 0 });
  const directoryPool = pool(2, READ_STATEMENT_TIMEOUT_MS, { role: 'tidemark_app' });
  const ownerPool = pool(2, OWNER_STATEMENT_TIMEOUT_MS, {});
  const [directory, owner] = [toKysely(directoryPool), toKysely(ownerPool)];
  return {
    reads,
    ingest,
    probes,
    directory,
    owner,
    pools: { reads, ingest, probes, directory: directoryPool, owner: ownerPool },
    async close() {
      await Promise.all([reads.end(), ingest.end(), probes.end(), directory.destroy(), owner.destroy()]);
    },
  };
}

/**
 * A connection that breaks while a query runs on it fails the query and, besides, emits an error, which
 * without a listener would end the process: the pool listens to idle ones alone.
 */
export function surviveItsEnd(client: pg.PoolClient): void {
  client.on('error', () => {});
}

function toKysely(pool: pg.Pool): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

function toOptions(settings: Record<string, string | number>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

const { builtins } = pg.types;

/** Counts fit a double, instants are epoch milliseconds, and days stay the text they are. */
const getTypeParser = ((oid: number, format?: 'text' | 'binary') => {
  if (oid === builtins.INT8) return Number;
  if (oid === builtins.NUMERIC) return Number;
  if (oid === builtins.TIMESTAMPTZ) return toEpochMs;
  if (oid === builtins.DATE) return (text: string) => text;
  if (oid === INT2_ARRAY || oid === INT4_ARRAY) return toIntegers;
  return pg.types.getTypeParser(oid, format);
}) as typeof pg.types.getTypeParser;

const INT2_ARRAY = 1005;
const INT4_ARRAY = 1007;

/** `{1,2,3}`; none of our arrays has nulls. Much faster than the driver's own parser, and sets are read by the thousand. */
function toIntegers(text: string): number[] {
  return JSON.parse(`[${text.slice(1, -1)}]`) as number[];
}

/** `2026-11-22 09:30:00.123+00`, as PostgreSQL writes instants in UTC. */
function toEpochMs(text: string): number {
  return Date.parse(`${text.replace(' ', 'T').replace(/\+00$/, '')}Z`);
}
