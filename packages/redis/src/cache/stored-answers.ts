import { LRUCache } from 'lru-cache';
import type { RedisConnection } from '../connect-redis.ts';
import type { CacheEntry, CacheStore } from './cache-store.ts';
import { MAX_ENTRY_BYTES, toKeepMs } from './entry-limits.ts';
import { newGeneration } from './new-generation.ts';

type Held = {
  /** Begins the stored text: who holds the same one has the rest of it as well. */
  readonly version: string;
  readonly entry: CacheEntry;
};

const VERSION_LENGTH = newGeneration().length;

export type StoredAnswersOptions = {
  readonly redis: RedisConnection;
  readonly maxHeldBytes: number;
  /** Told of what is stored and none of ours. */
  readonly onError: (error: unknown) => void;
};

/** The answers in Redis; what this process saw of them is neither sent nor parsed again while it is the latest. */
export class StoredAnswers {
  readonly #redis: RedisConnection;
  readonly #onError: (error: unknown) => void;
  readonly #held: LRUCache<string, Held>;

  constructor({ redis, maxHeldBytes, onError }: StoredAnswersOptions) {
    this.#redis = redis;
    this.#onError = onError;
    this.#held = new LRUCache({ maxSize: maxHeldBytes });
  }

  get held(): CacheStore['held'] {
    return { entries: this.#held.size, bytes: this.#held.calculatedSize };
  }

  async find(place: string): Promise<CacheEntry | undefined> {
    const held = this.#held.get(place);
    if (held === undefined) return this.#fetch(place);
    const version = await this.#redis.getrange(place, 0, VERSION_LENGTH - 1);
    // Gone before its time, it was pushed out or flushed: then ours is the last there is.
    return version === held.version || version === '' ? held.entry : this.#fetch(place);
  }

  async write(place: string, entry: CacheEntry, keepMs: number): Promise<void> {
    const ttl = toKeepMs(keepMs);
    const json = JSON.stringify(entry);
    const size = Buffer.byteLength(json);
    if (ttl === undefined || size > MAX_ENTRY_BYTES) return;
    const version = newGeneration();
    await this.#redis.set(place, version + json, 'PX', ttl);
    this.#held.set(place, { version, entry }, { ttl, size });
  }

  clear(): void {
    this.#held.clear();
  }

  async #fetch(place: string): Promise<CacheEntry | undefined> {
    const [text, ttl] = await Promise.all([this.#redis.get(place), this.#redis.pttl(place)]);
    if (text === null) return undefined;
    const entry = this.#parse(place, text.slice(VERSION_LENGTH));
    if (entry === undefined) return undefined;
    // Less than a millisecond left is reported as none.
    const version = text.slice(0, VERSION_LENGTH);
    if (ttl > 0) this.#held.set(place, { version, entry }, { ttl, size: Buffer.byteLength(text) });
    return entry;
  }

  #parse(place: string, json: string): CacheEntry | undefined {
    try {
      return toEntry(JSON.parse(json));
    } catch (error) {
      this.#onError(new Error(`${place} holds no answer of ours`, { cause: error }));
      return undefined;
    }
  }
}

/** Throws on another shape: anyone who reaches Redis can write to a key. */
function toEntry(value: unknown): CacheEntry {
  const { value: answer, seq, generations, computedAt } = value as Partial<CacheEntry>;
  if (
    answer === undefined ||
    typeof seq !== 'number' ||
    typeof computedAt !== 'number' ||
    !Array.isArray(generations)
  ) {
    throw new TypeError('an answer must hold value, seq, generations and computedAt');
  }
  return { value: answer, seq, generations, computedAt };
}
