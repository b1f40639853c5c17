import { eventInputSchema } from '@tidemark/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineParsers } from '../../src/import/import-format.ts';
import type { LogRequest } from '../../src/import/parse-combined-line.ts';
import { createDeviceReader } from '../../src/import/to-device.ts';
import { toRequestEvent } from '../../src/import/to-request-event.ts';

const plain: LogRequest = {
  client: '192.0.2.1',
  remoteUser: null,
  host: null,
  timeMs: Date.parse('2015-05-17T10:05:03Z'),
  request: 'GET / HTTP/1.1',
  status: 200,
  bytes: 512,
  referrer: null,
  userAgent: null,
  isCut: false,
};
const toEvent = (unusual: Partial<LogRequest>) => toRequestEvent({ ...plain, ...unusual }, createDeviceReader());

test.each([
  ['GET / HTTP/1.1', 200, 'page_view'],
  ['GET /blog/2015 HTTP/1.1', 304, 'page_view'],
  ['GET /a/b.html?x=1.css HTTP/1.1', 200, 'page_view'],
  ['GET /index.PHP HTTP/1.0', 206, 'page_view'],
  ['GET /style.css?v=2 HTTP/1.1', 200, 'asset'],
  ['GET /favicon.ico HTTP/1.1', 304, 'asset'],
  ['GET /old HTTP/1.1', 301, 'redirect'],
  ['POST /login HTTP/1.1', 302, 'redirect'],
  ['GET /missing HTTP/1.1', 404, 'error'],
  ['POST /api HTTP/1.1', 500, 'error'],
  ['POST /api HTTP/1.1', 201, 'request'],
  ['HEAD / HTTP/1.1', 200, 'request'],
  ['\u0016\u0003\u0001', 200, 'request'],
  [null, null, 'request'],
])('%j with status %j is of type %s', (request, status, type) => {
  expect(toEvent({ request, status }).type).toBe(type);
});

test('a request becomes an event of its client, with what it asked for as properties', () => {
  expect(
    toEvent({
      request: 'GET http://a.example/search?q=%zz HTTP/1.1',
      referrer: 'http://b.example/',
      userAgent: 'curl/8.5.0',
    }),
  ).toEqual({
    type: 'page_view',
    occurredAt: '2015-05-17T10:05:03.000Z',
    userId: '192.0.2.1',
    device: 'server',
    properties: {
      method: 'GET',
      path: '/search',
      query: 'q=%zz',
      host: 'a.example',
      status: 200,
      bytes: 512,
      referrer: 'http://b.example/',
      userAgent: 'curl/8.5.0',
    },
  });
  expect(toEvent({ client: null })).not.toHaveProperty('userId');
  expect(toEvent({ request: 'no HTTP' }).properties).toMatchObject({ request: 'no HTTP' });
});

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
    'desktop',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1',
    'mobile',
  ],
  [
    'Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1',
    'tablet',
  ],
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'server'],
  ['python-requests/2.31.0', 'server'],
  ['SAMSUNG-GT-E2232/1.0 Openwave/6.2.3 Profile/MIDP-2.0', 'other'],
])('%s is %s', (userAgent, device) => {
  expect(toEvent({ userAgent }).device).toBe(device);
});

test('whatever a log holds, an event that comes out of it is valid', () => {
  const parse = createLineParsers().combined;
  const field = fc
    .uint8Array({ maxLength: 60 })
    .map((bytes) => Buffer.from(bytes).toString('latin1').replaceAll('"', "'"));
  const padding = fc.constantFrom('', 'x'.repeat(9_000), '😀'.repeat(3_000), '界'.repeat(5_000), '\\x01'.repeat(5_000));
  fc.assert(
    fc.property(field, field, field, padding, (request, referrer, agent, long) => {
      const line = `192.0.2.1 - - [17/May/2015:10:05:03 +0000] "GET /${request}${long} HTTP/1.1" 200 1 "${referrer}${long}" "${agent}${long}"`;
      const parsed = parse({ bytes: Buffer.from(line, /^[😀界]/u.test(long) ? 'utf8' : 'latin1'), isEnded: true });
      expect('event' in parsed && eventInputSchema.safeParse(parsed.event).error).toBeUndefined();
    }),
    { numRuns: 200 },
  );
});
