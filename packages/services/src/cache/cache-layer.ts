import type { AppliedCommit, CacheQuestion, CacheReading, CacheStore } from '@tidemark/redis';
import { isOutage } from '../resilience/is-outage.ts';
import type { CommitReplay, Level } from './commit-replay.ts';
import { toWant, type Want } from './want.ts';

/** A store and what keeps it level with the database. */
export type CacheLayer = { readonly store: CacheStore; readonly replay: CommitReplay };

/** What a layer says of a question. */
export type Found = CacheReading & {
  readonly layer: CacheLayer;
  /** When and where the layer missed no commit; undefined where that is not known. */
  readonly level: Level | undefined;
  /** Why the database could not be asked for it. */
  readonly want?: Want;
};

/** The store of all servers while it answers, else the one of this process. */
export class CacheLayers {
  readonly #shared: CacheLayer | undefined;
  readonly #local: CacheLayer;

  constructor(shared: CacheLayer | undefined, local: CacheLayer) {
    this.#shared = shared;
    this.#local = local;
  }

  /** The layer that serves now. */
  get current(): CacheLayer {
    return this.#shared?.store.isAvailable ? this.#shared : this.#local;
  }

  /** Looks a question up in a layer that was level at `notBefore` (monotonic ms; infinite: since this was called). */
  async find(question: CacheQuestion, notBefore: (layer: CacheLayer) => number): Promise<Found> {
    const layer = this.current;
    if (layer === this.#local) return await findIn(layer, question, notBefore(layer));
    try {
      return await findIn(layer, question, notBefore(layer));
    } catch {
      // Redis went away meanwhile.
      return await findIn(this.#local, question, notBefore(this.#local));
    }
  }

  /** Tells the cache of a commit: after this nobody is served as fresh what the commit changed. */
  async apply(commit: AppliedCommit): Promise<void> {
    const layer = this.current;
    if (layer !== this.#local) {
      try {
        await layer.store.apply(commit);
        return;
      } catch {
        // What it was not told it must read from the outbox before it is believed again.
        layer.replay.forget(commit.tenantId);
      }
    }
    await this.#local.store.apply(commit);
  }
}

async function findIn(layer: CacheLayer, question: CacheQuestion, notBefore: number): Promise<Found> {
  const { store, replay } = layer;
  // Level first: generations read before it could be those of a commit that it misses.
  const level = await findLevel(replay, question.tenantId, notBefore);
  const reading = await store.read(question);
  if (typeof level === 'string') return { ...reading, layer, level: undefined, want: level };
  if (reading.watermark !== undefined && reading.watermark >= level.watermark) {
    return { ...reading, layer, level };
  }
  // Flushed, or restarted from what it was: what it says now may be as old as that.
  replay.forget(question.tenantId);
  return { ...reading, layer, level: undefined, entry: undefined };
}

async function findLevel(replay: CommitReplay, tenantId: string, notBefore: number): Promise<Level | Want> {
  try {
    return await replay.level(tenantId, notBefore);
  } catch (error) {
    if (!isOutage(error)) throw error;
    return toWant(error);
  }
}
