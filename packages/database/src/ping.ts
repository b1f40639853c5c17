import type pg from 'pg';
import { releaseOnce } from './release-once.ts';

/** Resolves when the database answers on a connection of the pool; throws what kept it from answering in time. */
export async function pingPool(pool: pg.Pool, patienceMs: number): Promise<void> {
  const { promise: tooLong, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new SilentDatabaseError(patienceMs)), patienceMs);
  const answer = ask(pool, tooLong);
  answer.catch(() => {});
  try {
    await Promise.race([answer, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

/** A connection whose answer nobody waits for any more is thrown away, lest silent ones fill the pool. */
async function ask(pool: pg.Pool, tooLong: Promise<never>): Promise<void> {
  const client = await pool.connect();
  const release = releaseOnce(client);
  tooLong.catch(() => release(true));
  try {
    await client.query('SELECT 1');
    release(false);
  } catch (error) {
    release(true);
    throw error;
  }
}

/** The database did not answer the shortest of questions in time. */
class SilentDatabaseError extends Error {
  override readonly name = 'SilentDatabaseError';
  /** As of a connection on which nothing arrives. */
  readonly code = 'ETIMEDOUT';

  constructor(patienceMs: number) {
    super(`no answer within ${patienceMs} ms`);
  }
}
