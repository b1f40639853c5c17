import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTidemark } from '@tidemark/client';
import { createLoadTenant, databaseResource, serverResource } from '@tidemark/testing';
import { expect, test } from 'vitest';

type Span = {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceId: string;
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
