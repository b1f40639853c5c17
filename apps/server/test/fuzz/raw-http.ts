import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { ServerResource } from '@tidemark/testing';
import type { Answer } from '../contract/http-caller.ts';

/** A server that says nothing for so long has hung. */
const SILENT_MS = 20_000;

/** A request byte by byte, as no HTTP client would send it. */
export type RawRequest = {
  readonly method?: string;
  readonly path: string;
  /** As lines, so that names may repeat. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array | string;
};

/** Writes a request whose length is told as it is, asks the server to close, and reads what comes. */
export async function sendRaw(server: Pick<ServerResource, 'port'>, request: RawRequest): Promise<Answer> {
  const { method = 'GET', path, headers = [], body = '' } = request;
  const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body);
  const lines = [['host', `127.0.0.1:${server.port}`], ['connection', 'close'], ...headers];
  if (bytes.length > 0) lines.push(['content-length', String(bytes.length)]);
  const head = `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return await sendBytes(server, Buffer.concat([Buffer.from(head, 'latin1'), bytes]));
}

/** Writes bytes as they are, and reads until the server closes. */
export async function sendBytes({ port }: Pick<ServerResource, 'port'>, bytes: Uint8Array): Promise<Answer> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  return toAnswer(await readAll(socket));
}

/** The first answer that comes while bytes are still being sent, and more and more of them. */
export async function pourInto({ port }: Pick<ServerResource, 'port'>, head: string, chunk: string): Promise<Answer> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const answer = readAll(socket);
  socket.write(head);
  while (socket.writable && !socket.readableEnded) {
    if (!socket.write(chunk)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), answer]);
    await new Promise(setImmediate);
  }
  return toAnswer(await answer);
}

async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A server that refuses need not take the rest, which then cannot be written.
  socket.on('error', () => {});
  socket.on('close', () => end());
  let isHung = false;
  socket.setTimeout(SILENT_MS, () => {
    isHung = true;
    socket.destroy();
  });
  await ended;
  if (isHung) throw new Error(`the server said nothing for ${SILENT_MS} ms`);
  return Buffer.concat(chunks);
}

/** What a server may say before its answer, such as `100 Continue`. */
const INTERIM = /^(?:HTTP\/1\.1 1\d\d [^\r]*\r\n(?:[^\r]+\r\n)*\r\n)+/;

/** Reads an answer by hand; a chunked body is put together. */
function toAnswer(bytes: Buffer): Answer {
  const text = bytes.toString('utf8').replace(INTERIM, '');
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1] ?? 0);
  const headers = new Headers(
    lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const raw = rest.join('\r\n\r\n');
  const body = headers.get('transfer-encoding') === 'chunked' ? joinChunks(raw) : takeTold(raw, headers);
  const isJson = headers.get('content-type') === 'application/json' && body !== '';
  return { status, headers, body: isJson ? parseJson(body) : body };
}

/** A document; or, for who asked tRPC for `application/jsonl`, which it sends by the same type, one a line. */
function parseJson(body: string): unknown {
  const lines = body.split('\n').filter((line) => line !== '');
  const documents = lines.map((line) => JSON.parse(line) as unknown);
  return documents.length === 1 ? documents[0] : documents;
}

/** What an answer tells to be its own: another may follow, to what was poured in behind the request. */
function takeTold(raw: string, headers: Headers): string {
  const told = headers.get('content-length');
  return told === null ? raw : Buffer.from(raw).toString('utf8', 0, Number(told));
}

function joinChunks(raw: string): string {
  const bytes = Buffer.from(raw);
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (!(size > 0)) break;
    text += bytes.toString('utf8', end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
  return text;
}
