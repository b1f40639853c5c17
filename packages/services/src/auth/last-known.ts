import { LRUCache } from 'lru-cache';
import { isOutage } from '../resilience/is-outage.ts';

/** A change is seen after at most this long, also where no notice of it arrived. */
const REMEMBERED_MS = 1_000;
/** For how long what was known is gone by while the database is away. */
const HONOURED_MS = 10 * 60_000;
/**
 * While the database is away, how long a look-up is waited for, and how soon after one that failed the next is made:
 * a database that is back answers much sooner, and nobody should notice that one is gone.
 */
const PATIENCE_MS = 250;
const MAX_KNOWN = 10_000;

type Look<Value> = {
  /** Monotonic ms. */
  readonly at: number;
  readonly found: Promise<Value | undefined>;
  /** Until when it stands for an answer (monotonic ms); until it is settled, always. */
  until: number;
};

type Known<Value> = {
  look: Look<Value> | undefined;
  /** What a look-up found last, and when it was made (monotonic ms). */
  proven: { readonly at: number; readonly value: Value } | undefined;
};

export type LastKnownOptions<Value> = {
  readonly load: (name: string) => Promise<Value | undefined>;
  /** Monotonic ms. */
  readonly elapsed: () => number;
};

/**
 * What the database says of names, each asked at most once a second. While the database does not answer, or not
 * in time, and only then, it is what was found last, for ten minutes at most; nothing that was not found is made up.
 */
export class LastKnown<Value extends object> {
  readonly #options: LastKnownOptions<Value>;
  readonly #known = new LRUCache<string, Known<Value>>({ max: MAX_KNOWN });
  /** Whether the look-up that ended last found no database. */
  #isAway = false;

  constructor(options: LastKnownOptions<Value>) {
    this.#options = options;
  }

  async find(name: string): Promise<Value | undefined> {
    const known = this.#get(name);
    const look = this.#look(name, known);
    const fallback = this.#fallbackOf(known);
    if (fallback === undefined) return await look.found;
    try {
      return this.#isAway ? await this.#hurry(look, fallback) : await look.found;
    } catch (error) {
      if (isOutage(error)) return fallback;
      throw error;
    }
  }

  /** Whether a look-up found it, be it some time ago. */
  has(name: string): boolean {
    return this.#known.peek(name)?.proven !== undefined;
  }

  /** Forgets what has changed, so that it is asked of the database again and of nothing else. */
  forget(hasChanged: (value: Value) => boolean): void {
    for (const [name, { proven }] of Array.from(this.#known.entries())) {
      // What was never found may be there now, or be on its way here as it was before.
      if (proven === undefined || hasChanged(proven.value)) this.#known.delete(name);
    }
  }

  get #now(): number {
    return this.#options.elapsed();
  }

  #get(name: string): Known<Value> {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const added: Known<Value> = { look: undefined, proven: undefined };
    this.#known.set(name, added);
    return added;
  }

  #look(name: string, known: Known<Value>): Look<Value> {
    const at = this.#now;
    if (known.look !== undefined && at < known.look.until) return known.look;
    const look: Look<Value> = { at, found: this.#options.load(name), until: Number.POSITIVE_INFINITY };
    known.look = look;
    look.found.then(
      (value) => {
        this.#isAway = false;
        look.until = at + REMEMBERED_MS;
        known.proven = value && { at, value };
      },
      (error: unknown) => {
        this.#isAway = isOutage(error);
        // A failed look-up is no answer to remember, unless there is one to fall back on.
        look.until = this.#fallbackOf(known) === undefined ? at : this.#now + PATIENCE_MS;
      },
    );
    return look;
  }

  /** What is gone by while the database is away. */
  #fallbackOf({ proven }: Known<Value>): Value | undefined {
    return proven !== undefined && this.#now - proven.at <= HONOURED_MS ? proven.value : undefined;
  }

  /** The look-up's answer where it comes soon, else the one given. */
  async #hurry({ at, found }: Look<Value>, fallback: Value): Promise<Value | undefined> {
    const leftMs = at + PATIENCE_MS - this.#now;
    if (leftMs <= 0) return fallback;
    const { promise, resolve } = Promise.withResolvers<Value>();
    const timer = setTimeout(resolve, leftMs, fallback);
    return await Promise.race([found, promise]).finally(() => clearTimeout(timer));
  }
}
