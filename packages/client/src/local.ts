import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Credentials, credentialsSchema } from '@tidemark/schemas';

export type { Credentials } from '@tidemark/schemas';

export type LocalOptions = {
  /** Where the server keeps its data. Default: the first `.tidemark` from the working directory upwards. */
  readonly dataDir?: string | undefined;
};

/** How to reach the server of this machine, from the file that it writes at its start; undefined without one. */
export async function findCredentials({ dataDir }: LocalOptions = {}): Promise<Credentials | undefined> {
  for (const folder of dataDir === undefined ? dataDirs(process.cwd()) : [resolve(dataDir)]) {
    const text = await readIfThere(join(folder, 'credentials.json'));
    if (text !== undefined) return credentialsSchema.parse(JSON.parse(text));
  }
  return undefined;
}

function* dataDirs(from: string): Generator<string> {
  yield join(from, '.tidemark');
  if (dirname(from) !== from) yield* dataDirs(dirname(from));
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}
