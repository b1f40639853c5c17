import { sql } from 'kysely';
import type { Database } from './connect.ts';

/** What servers do one after the other. */
const LOCKS = { startUp: 7_113_051 } as const;

/** A server that seeds is done well before; one that hangs must not keep the others from starting. */
const WAIT_MS = 60_000;

/** Runs `work` while no other server on this database runs work under the same lock. */
export async function withAdvisoryLock<Result>(
  { owner }: Pick<Database, 'owner'>,
  lock: keyof typeof LOCKS,
  work: () => Promise<Result>,
): Promise<Result> {
  return await owner.transaction().execute(async (transaction) => {
    await sql`SET LOCAL idle_in_transaction_session_timeout = 0`.execute(transaction);
    await sql.raw(`SET LOCAL lock_timeout = ${WAIT_MS}`).execute(transaction);
    await sql`SELECT pg_advisory_xact_lock(${LOCKS[lock]})`.execute(transaction);
    return await work();
  });
}
