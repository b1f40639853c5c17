import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { searchPath } from './env.ts';

/** The first of the names that is a program on the PATH. */
export function findExecutable(...names: readonly string[]): string | undefined {
  const candidates = names.flatMap((name) => searchPath.split(delimiter).map((folder) => join(folder, name)));
  return candidates.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
