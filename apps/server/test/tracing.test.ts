import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTidemark } from '@tidemark/client';
import { createLoadTenant, databaseResource, serverResource } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { expectStreamRefusal } from './contract/expect-stream-refusal.ts';
import { HttpCaller } from './contract/http-caller.ts';
import { SseReader } from './contract/sse-reader.ts';

type Span = {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceId: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number; readonly message?: string };
};
type Export = { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };

/** Takes what is exported to it, as a collector does. */
async function collector() {
  const spans: Span[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      bodies.push(body);
      const exported = JSON.parse(body) as Export;
      spans.push(...exported.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    spans,
    bodies,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A span's way from its request. */
function toWay(spans: readonly Span[], span: Span): string[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [...(parent === undefined ? [] : toWay(spans, parent)), span.name];
}

test('spans lead from a request to its commit and to its snapshot, and hold nothing that was sent', {
  timeout: 60_000,
}, async () => {
  await using database = await databaseResource();
  await using collected = await collector();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collected.url };
  await using server = await serverResource({ databaseUrl: database.url, env });
  const { id, ingestKey } = await createLoadTenant(server);
  await createTidemark({ url: server.url, key: ingestKey }).events.ingest.mutate({
    events: [{ type: 'a hidden type' }],
  });
  const platform = createTidemark({ url: server.url, key: server.platformKey, tenantId: id });
  await platform.analytics.summary.query({ last: '1h' });
  // What is left is sent as the server stops.
  await server.stop();
  const ways = collected.spans.map((span) => toWay(collected.spans, span));
  expect(ways).toContainEqual(['POST /trpc', 'events.ingest', 'store events', 'commit']);
  expect(ways).toContainEqual(['GET /trpc', 'analytics.summary', 'compute', 'read']);
  const told = collected.bodies.join('');
  for (const hidden of ['hidden', ingestKey, server.platformKey, id]) expect(told).not.toContain(hidden);
});

const STATUS_ERROR = 2;

test('the span of a stream ends when it began or was refused, and its request when it was left', {
  timeout: 60_000,
}, async () => {
  await using database = await databaseResource();
  await using collected = await collector();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collected.url };
  await using server = await serverResource({ databaseUrl: database.url, env });
  const { id, ingestKey } = await createLoadTenant(server);
  const anyone = new HttpCaller(server.url);
  {
    await using refused = await SseReader.open(anyone.withKey(ingestKey), 'events.tail', {});
    await expectStreamRefusal(refused, 'forbidden');
  }
  const reader = anyone.withKey(server.platformKey).with({ 'x-tenant-id': id });
  await using stream = await SseReader.open(reader, 'analytics.watch', { last: '1h' });
  for (let answers = 0; answers < 2; answers += 1) await stream.find((event) => event.id !== null);
  const answeredTwiceAt = Date.now();
  await stream[Symbol.asyncDispose]();
  await server.stop();

  const spanOf = (name: string) => collected.spans.find((span) => span.name === name);
  const endOf = (span: Span | undefined) => Number(span?.endTimeUnixNano) / 1e6;
  const [tail, watch] = [spanOf('events.tail'), spanOf('analytics.watch')];
  expect(tail?.status).toEqual({ code: STATUS_ERROR, message: 'forbidden' });
  expect(watch?.status.code).not.toBe(STATUS_ERROR);
  const request = collected.spans.find(({ spanId }) => spanId === watch?.parentSpanId);
  expect(endOf(watch)).toBeLessThan(answeredTwiceAt);
  expect(endOf(request)).toBeGreaterThan(endOf(watch));
});

test('a collector that is away costs nobody an answer', { timeout: 60_000 }, async () => {
  await using database = await databaseResource();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
  await using server = await serverResource({ databaseUrl: database.url, env });
  const { ingestKey } = await createLoadTenant(server);
  const { receipts } = await createTidemark({ url: server.url, key: ingestKey }).events.ingest.mutate({
    events: [{ type: 'view' }],
  });
  expect(receipts[0]?.status).toBe('accepted');
});
