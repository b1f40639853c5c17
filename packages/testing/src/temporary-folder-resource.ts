import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { getTestRun } from './test-run.ts';

export type TemporaryFolder = AsyncDisposable & { readonly path: string };

/** An empty folder of the test's own, which other users may pass through but not list. */
export async function temporaryFolderResource(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(getTestRun().folder, 'folder-'));
  await chmod(path, 0o711);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
