import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataFolder } from './data-folder.ts';

/** What the server writes from now on: to the startup log until it has its own files, then there. */
export async function followServerLog(folder: DataFolder): Promise<{ readNew(): Promise<string> }> {
  const before = await readLogs(folder);
  return {
    async readNew() {
      const now = await readLogs(folder);
      return [...now].map(([file, text]) => text.slice(before.get(file)?.length ?? 0)).join('');
    },
  };
}

async function readLogs(folder: DataFolder): Promise<Map<string, string>> {
  const logs = join(folder.cluster, 'log');
  const names = await readdir(logs).catch(() => []);
  const files = [folder.startupLog, ...names.map((name) => join(logs, name))];
  const entries = files.map(async (file) => [file, await readFile(file, 'utf8').catch(() => '')] as const);
  return new Map(await Promise.all(entries));
}
