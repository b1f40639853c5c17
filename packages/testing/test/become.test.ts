import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

test('Ctrl-C reaches the program once though npm repeats it, and its exit code comes back', async () => {
  const { parent, nextLine } = await startThinParent();
  const exited = once(parent, 'exit');
  parent.kill('SIGINT');
  expect(await nextLine()).toBe('SIGINT');
  parent.kill('SIGINT');
  parent.kill('SIGTERM');
  expect(await nextLine()).toBe('SIGTERM');
  expect(await exited).toEqual([7, null]);
});

test('the program ends when the thin parent above it is killed', async () => {
  const { parent, nextLine } = await startThinParent();
  parent.kill('SIGKILL');
  expect(await nextLine()).toBe('SIGTERM');
  // The pipe ends with the last process that writes to it.
  expect(await nextLine()).toBeUndefined();
});

async function startThinParent() {
  const script = join(import.meta.dirname, 'become/thin-parent.mjs');
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<unknown> => (await lines.next()).value;
  expect(await nextLine()).toBe('ready');
  return { parent, nextLine };
}
