import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createTidemark } from '@tidemark/client';
import { createKey, ingestEvents } from '@tidemark/services';
import { servicesResource } from '@tidemark/testing';
import pino from 'pino';
import { expect, test } from 'vitest';
import { createHttpServer } from '../../src/http/create-http-server.ts';
import { toQueryPath } from '../contract/http-caller.ts';
import { logTail } from './stream-log.ts';

const BATCHES = 10;
const BATCH_EVENTS = 1_000;
/** So many bytes that no socket's buffers hold them all. */
const PADDING = 'x'.repeat(2_000);
/** What may wait in the server for a reader: a page of the tail aside, a few messages. */
const MAX_WAITING_BYTES = 1024 * 1024;

test('a reader that never reads costs a bounded buffer and no more, is cut off, and resumes without a loss', {
  timeout: 120_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const services = stack.use(await servicesResource());
  const ctx = await services.tenantContext();
  const { secret: key } = await createKey(ctx, { name: 'reader', role: 'viewer' });
  const logger = pino({ level: 'silent' });
  const server = createHttpServer({ resources: services.resources, logger, allowedOrigins: [] });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;

  const accepted = once(server, 'connection');
  const stalled = connect(port, '127.0.0.1').pause();
  stack.defer(() => void stalled.destroy());
  const path = toQueryPath('events.tail', { lastEventId: '0:0' });
  stalled.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${key}\r\n\r\n`);
  const [serverSide] = (await accepted) as [Socket];

  const healthy = stack.use(logTail(createTidemark({ url: `http://127.0.0.1:${port}`, key })));
  await healthy.began;
  const sent: (string | null)[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const events = Array.from({ length: BATCH_EVENTS }, () => ({ type: 'view', properties: { padding: PADDING } }));
    sent.push(...(await ingestEvents(ctx, { events })).receipts.map(({ id }) => id));
    await healthy.until((heard) => heard.length === sent.length);
    expect(serverSide.writableLength).toBeLessThan(MAX_WAITING_BYTES);
  }
  expect(healthy.heard).toEqual(sent);
  // It was written to until it took no more.
  expect(serverSide.writableNeedDrain).toBe(true);
  expect(serverSide.bytesWritten).toBeLessThan((sent.length * PADDING.length) / 2);

  // The server gives it a minute without a byte; from here on, less.
  expect(serverSide.timeout).toBe(60_000);
  serverSide.setTimeout(500);
  await once(serverSide, 'close');
  const [received, lastEventId] = await readRest(stalled);
  expect(received.length).toBeGreaterThan(0);
  const resumed = stack.use(logTail(createTidemark({ url: `http://127.0.0.1:${port}`, key }), { lastEventId }));
  await resumed.until((heard) => received.length + heard.length >= sent.length);
  expect([...received, ...resumed.heard]).toEqual(sent);
});

/** What had come before the cut: the ids of events in whole messages, and the place of the last of them. */
async function readRest(socket: Socket): Promise<[eventIds: string[], lastEventId: string]> {
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => {}).resume();
  await once(socket, 'close');
  const body = text.replaceAll(/\r\n[0-9a-f]+\r\n/g, '');
  const messages = [...body.matchAll(/data: (\{"event".*\})\nid: (\d+:\d+)\n\n/g)];
  return [
    messages.map(([, data = '']) => (JSON.parse(data) as { event: { id: string } }).event.id),
    messages.at(-1)?.[2] ?? '',
  ];
}
