import { sql } from 'kysely';
import type { Database } from './connect.ts';

/** Probes ask every few seconds and give up soon: a frozen database must be told to them as one that is away. */
const PATIENCE_MS = 2_000;

/** Resolves when the database answers; throws what kept it from answering. */
export async function pingDatabase({ directory }: Pick<Database, 'directory'>): Promise<void> {
  const { promise: tooLong, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  const answer = sql`SELECT 1`.execute(directory);
  answer.catch(() => {});
  try {
    await Promise.race([answer, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
