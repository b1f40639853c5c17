import type { IncomingMessage } from 'node:http';
import { MAX_BODY_BYTES } from '@tidemark/schemas';
import { actorContext, TidemarkError } from '@tidemark/services';
import { isNestedDeeper } from './is-nested-deeper.ts';
import { type Serving, toRawContext } from './to-raw-context.ts';

/** Beyond this a body is worth knowing who sends it, and looking at, before it is parsed. */
const LARGE_BYTES = 64 * 1024;
/** Twice as deep as an event's properties may be, in their batch. */
const MAX_DEPTH = 64;

/**
 * Reads a body that is large, or does not say how large it is, for the router, which finds it as `request.body`; leaves
 * others to the router. Nothing is read of whoever has no key. False where its sender has gone away; throws the refusal
 * of what cannot be taken.
 */
export async function readLargeBody(request: IncomingMessage, serving: Serving): Promise<boolean> {
  const told = Number(request.headers['content-length'] ?? Number.NaN);
  if (request.method !== 'POST' || told <= LARGE_BYTES) return true;
  await actorContext(toRawContext(request, serving));
  const body = await read(request);
  if (body === undefined) return false;
  if (isNestedDeeper(body, MAX_DEPTH)) {
    const reason = `The body nests arrays and objects more than ${MAX_DEPTH} deep: properties may be nested 32 deep.`;
    throw new TidemarkError('invalid_input', reason, { limitDepth: MAX_DEPTH });
  }
  Object.assign(request, { body: body.toString('utf8') });
  return true;
}

async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    // What is not read to its end is refused on the same connection.
    for await (const part of request.iterator({ destroyOnReturn: false })) {
      bytes += (part as Buffer).length;
      if (bytes > MAX_BODY_BYTES) break;
      parts.push(part as Buffer);
    }
  } catch (error) {
    if (request.errored !== null) return undefined;
    throw error;
  }
  if (bytes > MAX_BODY_BYTES) throw tooLarge();
  return Buffer.concat(parts, bytes);
}

function tooLarge(): TidemarkError {
  const reason = 'A request may carry at most 4 MiB: send fewer events at a time.';
  return new TidemarkError('payload_too_large', reason, { limitBytes: MAX_BODY_BYTES });
}
