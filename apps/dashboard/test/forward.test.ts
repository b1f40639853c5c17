import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { forward } from '../src/lib/server/forward.ts';

/** An API that records what reaches it and answers as told. */
async function upstreamResource(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/trpc/some.call`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('the session’s token goes up; cookies and hop-by-hop headers go neither way', async () => {
  let seen: IncomingMessage['headers'] = {};
  await using upstream = await upstreamResource((request, response) => {
    seen = request.headers;
    response.setHeader('set-cookie', 'a=b');
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('x-request-id', 'r1');
    response.end('{}');
  });
  const headers = {
    cookie: 'tidemark_session=t',
    authorization: 'Bearer forged',
    'x-tenant-id': 'one',
    te: 'trailers',
  };
  const answer = await forward(new Request('http://here/trpc', { headers }), { url: upstream.url, token: 't' });

  expect(seen).toMatchObject({ authorization: 'Bearer t', 'x-tenant-id': 'one' });
  expect(seen).not.toHaveProperty('cookie');
  expect(seen).not.toHaveProperty('te');
  expect([...answer.headers.keys()]).toEqual(['x-request-id']);
  expect(await answer.text()).toBe('{}');
});

test('without a session nobody’s authorization goes up, also not one that the browser sends', async () => {
  let seen: IncomingMessage['headers'] = {};
  await using upstream = await upstreamResource((request, response) => {
    seen = request.headers;
    response.end();
  });
  const request = new Request('http://here/trpc', { headers: { authorization: 'Bearer forged' } });
  await forward(request, { url: upstream.url, token: undefined });
  expect(seen).not.toHaveProperty('authorization');
});

test('a body goes up as it is, and the status comes back', async () => {
  let body = '';
  await using upstream = await upstreamResource((request, response) => {
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.once('end', () => {
      response.statusCode = 422;
      response.end();
    });
  });
  const answer = await forward(new Request('http://here/trpc', { method: 'POST', body: '{"a":1}' }), {
    url: upstream.url,
    token: 't',
  });
  expect(answer.status).toBe(422);
  expect(body).toBe('{"a":1}');
});

test('when the browser leaves a stream, the API hears of it', async () => {
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  await using upstream = await upstreamResource((_, response) => {
    response.setHeader('content-type', 'text/event-stream');
    response.write('data: 1\n\n');
    response.once('close', () => leave());
  });
  const browser = new AbortController();
  const answer = await forward(new Request('http://here/trpc', { signal: browser.signal }), {
    url: upstream.url,
    token: 't',
  });
  const reader = answer.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 1\n\n');

  browser.abort();
  await left;
  await expect(reader?.read()).rejects.toThrow();
});
