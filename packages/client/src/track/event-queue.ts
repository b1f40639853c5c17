import type { EventInput } from '@tidemark/schemas';

/** An event with its name, and how many bytes it takes on its way. */
type QueuedEvent = { readonly event: NamedEvent; readonly bytes: number };
export type NamedEvent = EventInput & { readonly id: string };

export type QueueBounds = {
  readonly maxEvents: number;
  readonly maxBytes: number;
  readonly maxBatchEvents: number;
  readonly maxBatchBytes: number;
};

/** Larger than any event a server takes, whose properties may have 16 KiB. */
const MAX_EVENT_BYTES = 64 * 1024;
const ENCODER = new TextEncoder();

/**
 * What waits to be sent and what is on its way, in the order it came, within its bounds. Events are kept as they
 * were when they were added: what a caller does to an object afterwards does not reach them.
 */
export class EventQueue {
  readonly #bounds: QueueBounds;
  #queued: QueuedEvent[] = [];
  #bytes = 0;

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#queued.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False: there was no room, and the event was not taken. */
  add(event: NamedEvent): boolean {
    const json = JSON.stringify(event);
    const bytes = ENCODER.encode(json).length;
    if (bytes > MAX_EVENT_BYTES) {
      throw new RangeError(`An event of ${bytes} bytes is more than any server takes: ${MAX_EVENT_BYTES} at most.`);
    }
    if (this.size >= this.#bounds.maxEvents || this.#bytes + bytes > this.#bounds.maxBytes) return false;
    this.#queued.push({ event: JSON.parse(json) as NamedEvent, bytes });
    this.#bytes += bytes;
    return true;
  }

  /** Whether there is room for any event. */
  get hasRoom(): boolean {
    return this.size < this.#bounds.maxEvents && this.#bytes + MAX_EVENT_BYTES <= this.#bounds.maxBytes;
  }

  /** The oldest events that fit a request; they stay until they are settled. */
  peekBatch(): NamedEvent[] {
    return this.#queued.slice(0, this.#batchLength()).map(({ event }) => event);
  }

  /** Whether waiting for more would not make the next request any larger. */
  get hasFullBatch(): boolean {
    const length = this.#batchLength();
    return length === this.#bounds.maxBatchEvents || length < this.size;
  }

  /** Forgets so many of the oldest events. */
  settle(count: number): void {
    for (const { bytes } of this.#queued.splice(0, count)) this.#bytes -= bytes;
  }

  #batchLength(): number {
    let bytes = 0;
    let length = 0;
    for (const queued of this.#queued) {
      bytes += queued.bytes;
      if (length === this.#bounds.maxBatchEvents || (length > 0 && bytes > this.#bounds.maxBatchBytes)) break;
      length += 1;
    }
    return length;
  }
}
