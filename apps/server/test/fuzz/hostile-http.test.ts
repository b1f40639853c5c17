import { once } from 'node:events';
import { connect } from 'node:net';
import { Oracle } from '@tidemark/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ContractServer, type ContractTenant, contractServer } from '../contract/contract-server.ts';
import { expectRefusal, refusalOf } from '../contract/expectations.ts';
import type { Answer } from '../contract/http-caller.ts';
import { pourInto, type RawRequest, sendBytes, sendRaw } from './raw-http.ts';

let api: ContractServer;
let tenant: ContractTenant;
let oracle: Oracle;
beforeAll(async () => {
  api = await contractServer();
  tenant = await api.createTenant();
  oracle = await Oracle.open(api.databaseUrl);
});
afterAll(async () => {
  await oracle[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const RUNS = Math.max(300, Number(process.env.FUZZ_CASES ?? 0) / 10);
const JSON_BODY = ['content-type', 'application/json'] as const;

function authorization(): readonly [string, string] {
  return ['authorization', tenant.admin.headers.authorization ?? ''];
}

/** Answered, or refused by a refusal of ours that says why; never a failure, never silence. */
function assertHonest(answer: Answer): void {
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
  expect(answer.status).toBeGreaterThanOrEqual(200);
  if (answer.status < 400) return;
  // Each call of a batch has a refusal of its own.
  if (Array.isArray(answer.body)) return;
  expect(refusalOf(answer).reason.length).toBeGreaterThan(20);
}

async function countEvents(): Promise<number> {
  const [row] = await oracle.ask('SELECT count(*) FROM events WHERE tenant_id = $1', [tenant.id]);
  return Number(row?.count);
}

/** Bytes a header can carry at all: what ends a line would be another header. */
const headerValue = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 80 }),
  fc.constantFrom(
    '',
    ' ',
    '*',
    '*/*',
    'null',
    'undefined',
    '1',
    '-1',
    'text/event-stream',
    'application/jsonl',
    'application/json, application/json',
    'application/json;charset=utf-16',
    'Bearer',
    'Bearer x',
    'Bearer  x',
    'Basic OjpA',
    "'; DROP TABLE tenants; --",
    '00000000-0000-0000-0000-000000000000',
    '127.0.0.1, 10.0.0.1',
    'websocket',
    'upgrade',
    'trailers',
    '100-continue',
    'DELETE',
    'http://evil.example',
    'x'.repeat(2_000),
  ),
);

const headerName = fc.constantFrom(
  'authorization',
  'x-tenant-id',
  'x-priority',
  'x-request-id',
  'content-type',
  'accept',
  'accept-encoding',
  'trpc-accept',
  'last-event-id',
  'origin',
  'cookie',
  'host',
  'expect',
  'upgrade',
  'te',
  'range',
  'if-none-match',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-http-method-override',
  '__proto__',
  'constructor',
);

const pathArbitrary = fc.oneof(
  fc.constantFrom(
    '/trpc/events.list?input=%7B%22limit%22%3A1%7D',
    '/trpc/analytics.summary?input=%7B%22last%22%3A%221h%22%7D',
    '/trpc/events.list,events.list?batch=1',
    '/trpc/events.list,,,?batch=1',
    '/trpc/,?batch=1',
    '/trpc/events.list?batch=2',
    '/trpc/events.list?batch=1&input=%7B%220%22%3A%7B%22limit%22%3A0%7D%7D',
    '/trpc/events.list?batch=1&input=%5B%5D',
    '/trpc/events.list?batch=1&input=null',
    '/trpc/events.list?input=%7B%7D&input=%7B%7D',
    '/trpc/events.list?connectionParams=1',
    '/trpc/events.list?connectionParams=%7B%22key%22%3A%22x%22%7D',
    '/trpc/__proto__',
    '/trpc/constructor',
    '/trpc/toString',
    '/trpc/events',
    '/trpc/events.__proto__.list',
    '/trpc/events/list',
    '/trpc/_def.procedures',
    '/trpc/then',
    '/trpc/..%2fhealthz',
    '/trpc/%2e%2e/admin',
    '/trpc//events.list',
    '/trpc/%00',
    '/trpc/%c0%ae',
    '/trpc/events.list%',
    '/trpc?batch=1',
    '/export/events.ndjson?last=1h',
    '/export/events.csv?__proto__=1&types=a',
    '/export/events.csv?properties=%5B',
    '/export/../healthz',
    '/healthz?x=%ff',
    '//',
    '*',
    'http://evil.example/healthz',
    'http://[/',
  ),
  fc.webPath().map((path) => `/trpc${path}`),
);

test('headers of any content, repeated, on any path are refused or ignored', { timeout: 300_000 }, async () => {
  const request: fc.Arbitrary<RawRequest> = fc.record({
    method: fc.constantFrom('GET', 'GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'),
    path: pathArbitrary,
    headers: fc.array(fc.tuple(headerName, headerValue), { maxLength: 5 }),
    body: fc.constantFrom('', '{}', '[]', 'null', '{"events":[{"type":"a"}]}'),
  });
  await fc.assert(
    fc.asyncProperty(request, fc.boolean(), async (one, isKnown) => {
      // A TRACE, a body of a HEAD and the like end where Node says; streams are not among the paths.
      const headers = isKnown ? [authorization(), ...(one.headers ?? [])] : (one.headers ?? []);
      const answer = await sendRaw(api.server, { ...one, headers });
      if (one.method === 'HEAD') expect(answer.status).toBeLessThan(500);
      else assertHonest(answer);
    }),
    {
      numRuns: RUNS,
      // A stream of lines by the type of a document.
      examples: [
        [{ method: 'GET', path: '/trpc?batch=1', headers: [['trpc-accept', 'application/jsonl']], body: '' }, true],
      ],
    },
  );
});

test('a body of any bytes is refused, or means what it says', { timeout: 300_000 }, async () => {
  const good = JSON.stringify({ events: [{ type: 'a', properties: { 'ü🚀': [1, { b: null }] } }] });
  const text = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .tuple(fc.nat({ max: good.length }), fc.uint8Array({ maxLength: 6 }), fc.nat({ max: 8 }))
      .map(([at, bytes, gone]) =>
        Buffer.concat([Buffer.from(good).subarray(0, at), bytes, Buffer.from(good).subarray(at + gone)]),
      ),
    fc.constantFrom(
      '\ufeff{}',
      '{"events":[',
      '{"events":[{"type":"a"}]}{}',
      '{"events":1e999}',
      '"\ud800"',
      '{"events":[{"type":"a",}]}',
    ),
  );
  let before = await countEvents();
  await fc.assert(
    fc.asyncProperty(text, async (body) => {
      const answer = await sendRaw(api.server, {
        method: 'POST',
        path: '/trpc/events.ingest',
        headers: [authorization(), JSON_BODY],
        body,
      });
      assertHonest(answer);
      const after = await countEvents();
      const receipts = answer.status === 200 ? JSON.stringify(answer.body).split('"accepted"').length - 1 : 0;
      expect(after - before, 'what is stored is what was receipted').toBe(receipts);
      before = after;
    }),
    { numRuns: RUNS },
  );
});

describe('a body that is too much', () => {
  const post = (path: string) =>
    `POST ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${authorization().join(': ')}\r\ncontent-type: application/json\r\n`;

  test('of 10 MB is refused, told in advance or not, and before it is all there', async () => {
    const chunk = ' '.repeat(64 * 1024);
    const told = `${post('/trpc/events.ingest')}content-length: ${10 * 1024 * 1024}\r\n\r\n`;
    expectRefusal(await pourInto(api.server, told, chunk), 'payload_too_large');
    const endless = `${post('/trpc/events.ingest')}transfer-encoding: chunked\r\n\r\n`;
    expectRefusal(await pourInto(api.server, endless, `10000\r\n${chunk}\r\n`), 'payload_too_large');
  });

  test.each(['[', '{"a":', '{"events":[', '{"events":[{"type":"a","properties":{"a":['])(
    'by nesting is refused: %s',
    async (opening) => {
      const times = Math.floor(3_000_000 / opening.length);
      const brackets = opening.match(/[[{]/g) ?? [];
      const closing = brackets
        .toReversed()
        .map((bracket) => (bracket === '[' ? ']' : '}'))
        .join('');
      for (const body of [opening.repeat(times), `${opening.repeat(times)}1${closing.repeat(times)}`]) {
        const headers = [authorization(), JSON_BODY];
        const answer = await sendRaw(api.server, { method: 'POST', path: '/trpc/events.ingest', headers, body });
        assertHonest(answer);
        expect(JSON.stringify(answer.body)).not.toContain('"accepted"');
      }
    },
  );

  test('without a key is not taken: of a call that needs none no more than that has to say, of others nothing', async () => {
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const send = (path: string, headers: [string, string][] = []) =>
      sendRaw(api.server, { method: 'POST', path, headers: [JSON_BODY, ...headers], body: nested });
    for (const path of [
      'admin.sessions.create',
      'events.list,admin.sessions.create?batch=1',
      'admin.sessions%2Ecreate',
      'admin.sessions.create/',
      'admin.sessions.create%2F',
    ]) {
      expect(expectRefusal(await send(`/trpc/${path}`), 'payload_too_large').evidence).toEqual({ limitBytes: 16_384 });
    }
    const head =
      'POST /trpc/admin.sessions.create HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\n';
    const untold = `${head}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`;
    expectRefusal(await sendBytes(api.server, Buffer.from(untold)), 'payload_too_large');
    expectRefusal(await send('/trpc/events.ingest'), 'unauthenticated');
    expectRefusal(await send('/trpc/events.ingest', [['authorization', 'Bearer tmk_wrong']]), 'unauthenticated');
  });

  test('that never ends keeps nobody else waiting', async () => {
    const sockets = Array.from({ length: 50 }, () => connect(api.server.port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    for (const socket of sockets)
      socket.write(`${post('/trpc/events.ingest')}transfer-encoding: chunked\r\n\r\n5\r\n{"eve`);
    expect((await tenant.admin.query('events.list', {})).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });
});

/** Where two servers could disagree on where a request ends, ours does not guess. */
test.each([
  ['two lengths', 'POST /trpc/events.ingest HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}'],
  [
    'a length and chunks',
    'POST /trpc/events.ingest HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  [
    'chunks of another coding',
    'POST /trpc/events.ingest HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n',
  ],
  ['a name with a blank', 'GET /healthz HTTP/1.1\r\nhost: a\r\ncontent-length : 5\r\n\r\n'],
  ['a folded header', 'GET /healthz HTTP/1.1\r\nhost: a\r\nx-a: b\r\n c: d\r\n\r\n'],
  ['a bare line feed', 'GET /healthz HTTP/1.1\nhost: a\n\n'],
  ['a NUL in a header', 'GET /healthz HTTP/1.1\r\nhost: a\r\nx-a: b\u0000c\r\n\r\n'],
  [
    'a size of a chunk that is none',
    'POST /trpc/events.ingest HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
  ],
  ['another protocol', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
  ['no host', 'GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n'],
  ['headers without end', `GET /healthz HTTP/1.1\r\nhost: a\r\nx-a: ${'x'.repeat(20_000)}\r\n\r\n`],
  ['a URL without end', `GET /trpc/events.list?input=${'x'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`],
])('%s: refused in words, and the connection closed', async (_what, text) => {
  const answer = await sendBytes(api.server, Buffer.from(text, 'latin1'));
  const { reason } = expectRefusal(answer, 'invalid_input');
  expect(reason.length).toBeGreaterThan(20);
  expect(answer.headers.get('connection')).toBe('close');
});

test('after all of it nothing has failed on our side', () => {
  const failures = api.server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{"level":50'));
  expect(failures).toEqual([]);
});
