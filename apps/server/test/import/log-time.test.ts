import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLogTimeReader, parseLogTime } from '../../src/import/log-time.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const pad = (value: number) => String(value).padStart(2, '0');

/** As a server in a zone `offset` minutes east of Greenwich writes it. */
function formatLogTime(epochMs: number, offset: number): string {
  const local = new Date(epochMs + offset * 60_000);
  const date = `${pad(local.getUTCDate())}/${MONTHS[local.getUTCMonth()]}/${local.getUTCFullYear()}`;
  const time = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(pad).join(':');
  const away = Math.abs(offset);
  return `${date}:${time} ${offset < 0 ? '-' : '+'}${pad(Math.floor(away / 60))}${pad(away % 60)}`;
}

test('a time reads back as the instant it was, whatever the offset', () => {
  const second = fc.integer({ min: 86_400, max: 4_000_000_000 }).map((seconds) => seconds * 1_000);
  fc.assert(
    fc.property(second, fc.integer({ min: -720, max: 840 }), (epochMs, offset) => {
      expect(parseLogTime(formatLogTime(epochMs, offset))).toBe(epochMs);
    }),
  );
});

test.each([
  '31/Feb/2015:10:05:03 +0000',
  '29/Feb/2015:10:05:03 +0000',
  '17/Mai/2015:10:05:03 +0000',
  '17/May/2015:24:05:03 +0000',
  '17/May/2015:10:60:03 +0000',
  '17/May/1969:10:05:03 +0000',
  '17/May/0015:10:05:03 +0000',
  '17/May/2015:10:05:03',
  '2015-05-17T10:05:03Z',
  '',
])('%j is no log time', (text) => {
  expect(parseLogTime(text)).toBeUndefined();
});

test('the reader that remembers answers like the parser', () => {
  const read = createLogTimeReader();
  for (const text of [
    '17/May/2015:10:05:03 +0000',
    '17/May/2015:10:05:03 +0000',
    'no time',
    '17/May/2015:10:05:04 +0000',
  ]) {
    expect(read(text)).toBe(parseLogTime(text));
  }
});
