import { setTimeout as delay } from 'node:timers/promises';
import {
  assertAppRole,
  connectDatabase,
  type Database,
  type InjectedFaults,
  isStarting,
  migrateDatabase,
} from '@tidemark/database';
import type { Logger } from 'pino';
import { toDatabaseError } from './to-database-error.ts';

/** How long a database that says it is starting is waited for: after a crash it reads again what it wrote last. */
const STARTING_MS = 60_000;
const AGAIN_MS = 250;

/** Migrates and connects. What fails here is the database's, and is told as such. */
export async function openDatabase(
  url: string,
  { logger, faults }: { readonly logger: Logger; readonly faults: InjectedFaults | undefined },
): Promise<Database> {
  await whenStarted(() => migrateDatabase({ url }), logger).catch((error: unknown) => {
    throw toDatabaseError(url, error);
  });
  const onError = ({ message }: Error) => logger.warn({ reason: message }, 'an idle connection broke');
  const database = connectDatabase({ url, onError, faults });
  try {
    await assertAppRole(database);
    return database;
  } catch (error) {
    await database.close();
    throw toDatabaseError(url, error);
  }
}

/** A server and its database may be started at once, or after the same crash. */
async function whenStarted<Result>(work: () => Promise<Result>, logger: Logger): Promise<Result> {
  const until = performance.now() + STARTING_MS;
  for (let isTold = false; ; isTold = true) {
    try {
      return await work();
    } catch (error) {
      if (!isStarting(error) || performance.now() > until) throw error;
      if (!isTold) logger.warn({ reason: String(error) }, 'the database is starting, and waited for');
      await delay(AGAIN_MS);
    }
  }
}
