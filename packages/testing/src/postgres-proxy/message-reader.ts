/** A message of PostgreSQL's protocol, whole: its type (empty for the start-up message) and all its bytes. */
export type Message = { readonly type: string; readonly bytes: Buffer };

/** Cuts one direction of a connection into messages (PostgreSQL's manual, 54.7). */
export class MessageReader {
  #rest: Buffer = Buffer.alloc(0);
  /** The client's first message has no type. */
  #isTyped: boolean;

  constructor(side: 'client' | 'server') {
    this.#isTyped = side === 'server';
  }

  /** The messages that the chunk completes. */
  read(chunk: Buffer): Message[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const messages: Message[] = [];
    for (;;) {
      const typeLength = this.#isTyped ? 1 : 0;
      if (this.#rest.length < typeLength + 4) return messages;
      const length = typeLength + this.#rest.readInt32BE(typeLength);
      if (this.#rest.length < length) return messages;
      const bytes = this.#rest.subarray(0, length);
      messages.push({ type: bytes.toString('latin1', 0, typeLength), bytes });
      this.#rest = this.#rest.subarray(length);
      this.#isTyped = true;
    }
  }
}

/** The statement of a Query or Parse message; undefined for any other. */
export function toStatement({ type, bytes }: Message): string | undefined {
  if (type === 'Q') return bytes.toString('utf8', 5, bytes.length - 1);
  if (type !== 'P') return undefined;
  const start = bytes.indexOf(0, 5) + 1;
  return bytes.toString('utf8', start, bytes.indexOf(0, start));
}
