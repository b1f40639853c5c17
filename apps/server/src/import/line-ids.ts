import { hash } from 'node:crypto';
import { OccurrenceCounter } from './occurrence-counter.ts';

/**
 * Names events by where they come from: the line's exact bytes and how often the same line came before in
 * this import. So identical lines are distinct events, and the same lines imported again, in any order and
 * cut into any files, get the same names.
 */
export class LineIds implements Disposable {
  readonly #counter = new OccurrenceCounter();

  next(bytes: Buffer, occurredAt: string | undefined): string {
    const digest = hash('sha256', bytes, 'buffer');
    const second = Math.floor(Date.parse(occurredAt ?? '') / 1_000) || 0;
    const occurrence = this.#counter.count(second, digest.toString('latin1', 16));
    return toUuid(occurrence === 0 ? digest : hash('sha256', Buffer.concat([digest, toBytes(occurrence)]), 'buffer'));
  }

  [Symbol.dispose](): void {
    this.#counter[Symbol.dispose]();
  }
}

function toBytes(count: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(count));
  return bytes;
}

/** The first 16 bytes as a UUID of version 8, which RFC 9562 leaves to each maker. */
function toUuid(digest: Buffer): string {
  const hex = digest.toString('hex', 0, 16);
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
