import type { PostgresPool } from 'kysely';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { releaseOnce } from './release-once.ts';
import { toFault } from './sql-state.ts';
import type { Tables } from './tables.ts';

/**
 * The statements of one transaction, bound to one tenant by row-level security. Those that are begun without
 * waiting for each other are sent at once and run in that order; behind one that fails all others fail.
 */
export type TenantTransaction = { readonly tenantId: string; readonly db: Kysely<Tables> };

/**
 * A result whose last statements are still under way: COMMIT is sent right behind them, instead of after another round
 * trip. It commits nothing where one of them failed; only when all have succeeded does the transaction resolve.
 */
export class Trailing<Result> {
  readonly result: Result;
  readonly statements: Promise<unknown>;

  constructor(result: Result, statements: Promise<unknown>) {
    this.result = result;
    this.statements = statements;
  }
}

const BEGIN = {
  /** One snapshot for everything that is read. */
  read: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
  write: 'BEGIN',
} as const;
type Mode = keyof typeof BEGIN;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Runs `work` in a transaction that sees and touches one tenant's rows alone; commits when it resolves,
 * rolls back when it throws. A connection whose state is unknown afterwards is thrown away; so is one whose
 * signal aborts, and what ran on it fails as a broken connection does.
 */
export async function withTenant<Result>(
  pool: pg.Pool,
  tenantId: string,
  access: Mode | { readonly mode: Mode; readonly signal: AbortSignal | undefined },
  work: (transaction: TenantTransaction) => Promise<Result | Trailing<Result>>,
): Promise<Result> {
  const { mode, signal } = typeof access === 'string' ? { mode: access, signal: undefined } : access;
  // The id becomes part of a statement: SET takes no parameters, and set_config() does not reach Citus workers.
  if (!UUID.test(tenantId)) throw new TypeError('tenantId must be a lower-case UUID');
  const client = await pool.connect();
  const release = releaseOnce(client);
  const onAbort = () => release(true);
  let isUsable = false;
  try {
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort);
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: singleClientPool(client) }) });
    try {
      const worked = await afterBeginning(
        client.query(`${BEGIN[mode]}; SET LOCAL app.tenant_id = '${tenantId}'`),
        work({ tenantId, db }),
      );
      const { result, statements } =
        worked instanceof Trailing ? worked : { result: worked, statements: Promise.resolve() };
      await Promise.all([statements, sql`COMMIT`.execute(db)]);
      isUsable = true;
      return result;
    } catch (error) {
      isUsable = isAnswering(error) && (await rollBack(client));
      throw error;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    release(!isUsable);
  }
}

/**
 * What the work resolves with, whose first statement is sent right behind the beginning. Where that failed there is no
 * tenant, so that the work saw and changed no row; its own result says nothing then.
 */
async function afterBeginning<Result>(beginning: Promise<unknown>, work: Promise<Result>): Promise<Result> {
  const [begun, worked] = await Promise.allSettled([beginning, work]);
  if (begun.status === 'rejected') throw begun.reason;
  if (worked.status === 'rejected') throw worked.reason;
  return worked.value;
}

/** Of a connection that broke or fell silent nothing more is asked: it would be waited for once more. */
function isAnswering(error: unknown): boolean {
  return error instanceof pg.DatabaseError || toFault(error) !== 'transient';
}

async function rollBack(client: pg.PoolClient): Promise<boolean> {
  return await client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}

/** Kysely over a client that is already checked out, so that we decide how it goes back. */
function singleClientPool(client: pg.PoolClient): PostgresPool {
  const borrowed = {
    query: client.query.bind(client),
    release: () => {},
  };
  return { connect: async () => borrowed, end: async () => {} } as unknown as PostgresPool;
}
