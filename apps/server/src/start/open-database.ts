import {
  assertAppRole,
  connectDatabase,
  type Database,
  type InjectedFaults,
  migrateDatabase,
} from '@tidemark/database';
import type { Logger } from 'pino';
import { toDatabaseError } from './to-database-error.ts';

/** Migrates and connects. What fails here is the database's, and is told as such. */
export async function openDatabase(
  url: string,
  { logger, faults }: { readonly logger: Logger; readonly faults: InjectedFaults | undefined },
): Promise<Database> {
  await migrateDatabase({ url }).catch((error: unknown) => {
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
