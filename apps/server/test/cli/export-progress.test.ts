import { afterEach, expect, test, vi } from 'vitest';
import { showExportProgress } from '../../src/cli/export-progress.ts';

const CLEAR = '\r\u001B[2K';

afterEach(() => void vi.useRealTimers());

async function* toChunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

/** What is written while lines come that are cut anywhere, with a look at the clock after each chunk. */
async function exportOnto(isTTY: boolean, chunks = toChunks('{"a":1}\n{"a":2}\n{"a"', ':3}\n')): Promise<string[]> {
  vi.useFakeTimers();
  const written: string[] = [];
  const progress = showExportProgress({ isTTY, write: (text) => written.push(text) });
  for await (const _ of progress.count(chunks)) vi.advanceTimersByTime(200);
  progress[Symbol.dispose]();
  return written;
}

test('a terminal sees an export grow in one line, which its end replaces', async () => {
  expect(await exportOnto(true)).toEqual([
    `${CLEAR}2 lines, 1 KiB`,
    `${CLEAR}3 lines, 1 KiB`,
    `${CLEAR}3 lines, 1 KiB\n`,
  ]);
});

test('a file sees of an export only what it came to', async () => {
  expect(await exportOnto(false)).toEqual(['3 lines, 1 KiB\n']);
  expect(await exportOnto(false, toChunks('{}\n'))).toEqual(['1 line, 1 KiB\n']);
});
