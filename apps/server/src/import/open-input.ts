import { createReadStream } from 'node:fs';
import { addAbortSignal, pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

export type InputOptions = {
  /** Ends the reading, also one that waits for input. */
  readonly signal: AbortSignal;
  /** Told of every chunk as it is read, before unpacking. */
  readonly onRead: (bytes: number) => void;
};

/** The unpacked bytes of a file, or of standard input for `-`; gzip is known by its first bytes, not by the name. */
export async function* openInput(path: string, { signal, onRead }: InputOptions): AsyncGenerator<Buffer, void> {
  const source: Readable = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: 256 * 1024 });
  const chunks = withCount(addAbortSignal(signal, source), onRead);
  const head = await readHead(chunks);
  const whole = prepend(head, chunks);
  if (head[0] === 0x1f && head[1] === 0x8b) yield* unpack(whole);
  else yield* whole;
}

/** The callback has nothing to do: an error on either side is thrown to whoever reads. */
function unpack(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  return pipeline(Readable.from(chunks, { objectMode: false }), createGunzip({ chunkSize: 256 * 1024 }), () => {});
}

async function* withCount(
  source: AsyncIterable<Buffer>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Buffer, void> {
  for await (const chunk of source) {
    onRead(chunk.length);
    yield chunk;
  }
}

/** At least two bytes where there are as many; a pipe may bring one at a time. */
async function readHead(chunks: AsyncGenerator<Buffer, void>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* prepend(head: Buffer, rest: AsyncGenerator<Buffer, void>): AsyncGenerator<Buffer, void> {
  if (head.length > 0) yield head;
  yield* rest;
}
