import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporaryFolderResource } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { openInput } from '../../src/import/open-input.ts';

async function readBack(content: Uint8Array, name = 'input') {
  await using folder = await temporaryFolderResource();
  const path = join(folder.path, name);
  await writeFile(path, content);
  let read = 0;
  const onRead = (bytes: number) => {
    read += bytes;
  };
  const chunks = await Array.fromAsync(openInput(path, { signal: new AbortController().signal, onRead }));
  return { text: Buffer.concat(chunks).toString(), read };
}

test('a plain file is read as it is, down to none or one byte', async () => {
  for (const text of ['', 'a', 'a\nb\n']) {
    expect(await readBack(Buffer.from(text))).toEqual({ text, read: text.length });
  }
});

test('gzip is known by its bytes, members one after the other included', async () => {
  const packed = Buffer.concat([gzipSync('first\n'), gzipSync('second\n')]);
  expect(await readBack(packed, 'access.log')).toEqual({ text: 'first\nsecond\n', read: packed.length });
  expect((await readBack(Buffer.from('not packed'), 'access.log.gz')).text).toBe('not packed');
});

test('a gzip file that breaks off is an error', async () => {
  await expect(readBack(gzipSync('a'.repeat(1_000)).subarray(0, 20))).rejects.toThrow('unexpected end of file');
});

test('reading ends when the signal says so', async () => {
  const stop = new AbortController();
  const chunks = openInput(import.meta.filename, { signal: stop.signal, onRead: () => stop.abort() });
  await expect(Array.fromAsync(chunks)).rejects.toMatchObject({ name: 'AbortError' });
});
