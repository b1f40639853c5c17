import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLines } from '../../src/import/read-lines.ts';

async function readAll(chunks: readonly Uint8Array[], maxBytes = 1_000) {
  async function* source() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const lines = (await Array.fromAsync(readLines(source(), maxBytes))).flat();
  return lines.map(({ bytes, ...line }) => ({ ...line, text: bytes?.toString('latin1') }));
}

const toTexts = async (text: string) => (await readAll([Buffer.from(text, 'latin1')])).map((line) => line.text);

test('lines end at LF or CRLF, and the last one may lack it', async () => {
  expect(await toTexts('a\nb\r\n\nc')).toEqual(['a', 'b', '', 'c']);
  expect(await toTexts('a\n')).toEqual(['a']);
  expect(await toTexts('')).toEqual([]);
  expect(await readAll([Buffer.from('a\nb')])).toEqual([
    { number: 1, text: 'a', isEnded: true },
    { number: 2, text: 'b', isEnded: false },
  ]);
});

test('a byte order mark is no part of the first line', async () => {
  expect(await toTexts('\xEF\xBB\xBFa\n\xEF\xBB\xBFb')).toEqual(['a', '\xEF\xBB\xBFb']);
});

test('a line that is too long is passed over, and the next one read', async () => {
  const tooLong = Array.from({ length: 50 }, () => Buffer.alloc(100, 'x'));
  expect(await readAll([Buffer.from('a\n'), ...tooLong, Buffer.from('\nb\n')], 1_000)).toEqual([
    { number: 1, text: 'a', isEnded: true },
    { number: 2, text: undefined, isEnded: true },
    { number: 3, text: 'b', isEnded: true },
  ]);
  expect((await readAll([Buffer.alloc(1_000, 'x')], 1_000))[0]?.text).toHaveLength(1_000);
});

test('how the bytes are cut into chunks makes no difference', async () => {
  const chunks = fc.array(
    fc.array(fc.constantFrom(0x0a, 0x0d, 0x61, 0xef, 0xbb, 0xbf)).map((bytes) => Uint8Array.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(chunks, fc.integer({ min: 1, max: 10 }), async (cut, maxBytes) => {
      expect(await readAll(cut, maxBytes)).toEqual(await readAll([Buffer.concat(cut)], maxBytes));
    }),
  );
});
