import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeText } from '../../src/import/log-text.ts';
import { parseCombinedLine } from '../../src/import/parse-combined-line.ts';

const TIME = '[17/May/2015:10:05:03 +0000]';
const plain = {
  client: '192.0.2.1',
  remoteUser: null,
  host: null,
  timeMs: Date.parse('2015-05-17T10:05:03Z'),
  request: 'GET / HTTP/1.1',
  status: 200,
  bytes: 512,
  referrer: null,
  userAgent: 'agent/1',
  isCut: false,
};

test.each([
  ['combined', `192.0.2.1 - - ${TIME} "GET / HTTP/1.1" 200 512 "-" "agent/1"`, {}],
  ['common', `192.0.2.1 - - ${TIME} "GET / HTTP/1.1" 200 512`, { userAgent: null }],
  ['with fields behind', `192.0.2.1 - - ${TIME} "GET / HTTP/1.1" 200 512 "-" "agent/1" "203.0.113.1" 0.004`, {}],
  [
    'with a virtual host',
    `a.example:80 192.0.2.1 - - ${TIME} "GET / HTTP/1.1" 200 512 "-" "agent/1"`,
    { host: 'a.example' },
  ],
  ['from IPv6', `2001:db8::1 - - ${TIME} "GET / HTTP/1.1" 200 512 "-" "agent/1"`, { client: '2001:db8::1' }],
  [
    'from a user with a space',
    `192.0.2.1 - ada l ${TIME} "GET / HTTP/1.1" 200 512 "-" "agent/1"`,
    { remoteUser: 'ada l' },
  ],
  [
    'of dashes',
    `- - - ${TIME} "-" - - "-" "-"`,
    { client: null, request: null, status: null, bytes: null, userAgent: null },
  ],
  [
    'with escaped quotes',
    String.raw`192.0.2.1 - - ${TIME} "GET / HTTP/1.1" 200 512 "-" "a \"b\" \\"`,
    { userAgent: 'a "b" \\' },
  ],
  ['with bare quotes', `192.0.2.1 - - ${TIME} "GET / HTTP/1.1" 200 512 "-" "a"b"c"`, { userAgent: 'a"b"c' }],
  [
    'with escaped bytes',
    String.raw`192.0.2.1 - - ${TIME} "GET /caf\xC3\xA9 HTTP/1.1" 200 512 "-" "agent/1"`,
    { request: 'GET /café HTTP/1.1' },
  ],
  [
    'with malformed escapes',
    String.raw`192.0.2.1 - - ${TIME} "GET /\xZZ\q HTTP/1.1" 200 512 "-" "agent/1"`,
    { request: String.raw`GET /\xZZ\q HTTP/1.1` },
  ],
  [
    'cut off in the agent',
    `192.0.2.1 - - ${TIME} "GET / HTTP/1.1" 200 512 "-" "agen`,
    { userAgent: 'agen', isCut: true },
  ],
  [
    'cut off in the referrer',
    `192.0.2.1 - - ${TIME} "GET / HTTP/1.1" 200 512 "http://`,
    { referrer: 'http://', userAgent: null, isCut: true },
  ],
])('reads a line %s', (_, line, unusual) => {
  expect(parseCombinedLine(line)).toEqual({ ...plain, ...unusual });
});

test.each([
  ['', 'no [time]'],
  ['192.0.2.1 - - 17/May/2015', 'no [time]'],
  [`192.0.2.1 - - [31/Feb/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 512`, 'no log time'],
  [`192.0.2.1 ${TIME} "GET / HTTP/1.1" 200 512`, 'fewer than three fields'],
  [`192.0.2.1 - - ${TIME} GET / 200 512`, 'no "request"'],
  [`192.0.2.1 - - ${TIME} "GET / HTTP/1.1`, 'no "request"'],
  [`192.0.2.1 - - ${TIME} "GET / HTTP/1.1" OK 512`, 'no status and size'],
  [`192.0.2.1 - - ${TIME} "GET / HTTP/1.1" 200`, 'no status and size'],
])('says what is wrong with %j', (line, reason) => {
  expect(parseCombinedLine(line)).toEqual({ broken: expect.stringContaining(reason) });
});

/** Bytes that look enough like a log to get past the first check. */
const almostLine = fc
  .array(
    fc.constantFrom(
      TIME,
      ' ',
      '"',
      '\\',
      '\\x',
      ' "',
      '- - ',
      '200',
      '[',
      ']',
      '\0',
      '\xe9',
      'GET / HTTP/1.1',
      '192.0.2.1',
    ),
  )
  .map((parts) => Buffer.from(parts.join(''), 'latin1'));
const anyBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

test('any bytes are either a request or a reason, never an exception', () => {
  fc.assert(
    fc.property(fc.oneof(anyBytes, almostLine), (bytes) => {
      const line = parseCombinedLine(decodeText(bytes));
      if ('broken' in line) expect(line.broken).not.toBe('');
      else expect(Number.isInteger(line.timeMs)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

const quotedField = fc
  .string({ unit: 'binary', maxLength: 40 })
  .filter((text) => text !== '-' && text !== '' && !/\p{Cc}/u.test(text));

test('a line written as Apache writes it reads back as it was', () => {
  const quote = (text: string) => `"${text.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
  fc.assert(
    fc.property(quotedField, quotedField, quotedField, fc.nat(), (request, referrer, userAgent, bytes) => {
      const line = `192.0.2.1 - - ${TIME} ${quote(request)} 200 ${bytes} ${quote(referrer)} ${quote(userAgent)}`;
      expect(parseCombinedLine(line)).toEqual({ ...plain, request, bytes, referrer, userAgent });
    }),
    { numRuns: 1_000 },
  );
});
