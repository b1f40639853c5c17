import { randomUUID } from 'node:crypto';
import { createDatabase, dropDatabase } from '@tidemark/database';
import { getTestRun } from './test-run.ts';

export type DatabaseResource = AsyncDisposable & {
  /** The owner's URL. */
  readonly url: string;
};

/** A migrated database of the test's own, cloned from the run's template. */
export async function databaseResource(): Promise<DatabaseResource> {
  const { postgresUrl, templateDatabase } = getTestRun();
  const name = `test_${randomUUID()}`;
  const url = await createDatabase({ url: postgresUrl, name, template: templateDatabase });
  return { url, [Symbol.asyncDispose]: () => dropDatabase({ url: postgresUrl, name }) };
}
