import { pause } from '../pause.ts';
import { isOutage } from '../resilience/is-outage.ts';
import { TidemarkError } from '../tidemark-error.ts';

/** A subscription to what may change an answer. */
export type Subscribed = {
  /** Resolves once no change is missed. */
  readonly ready: Promise<void>;
  readonly unsubscribe: () => void;
};

type Waiter = PromiseWithResolvers<void>;

/** Answers of one query follow each other at least this far apart … */
const MIN_GAP_MS = 1_000;
/** … and at most this far, changed or not: relative ranges move on, and a silent stream looks dead. */
const MAX_GAP_MS = 5_000;
/** The longest rest after a computation, on top of which the next one may take as long as it takes. */
const MAX_REST_MS = 15_000;
/** How long watchers are left with their last answer while none can be computed. */
const PATIENCE_MS = 15_000;

/**
 * One query, computed for all of its watchers together:
 *
 *   resting ── first watcher ──▶ computing ──▶ waiting ── change (≥ 1 s after the last) or 5 s ──▶ computing
 *      ▲                                          │
 *      └──────────── last watcher leaves ─────────┘
 *
 * A change while resting or waiting computes at once (leading edge); one during a computation is not in
 * its snapshot for sure, so it computes again. A watcher that reads slowly skips to the newest answer:
 * nothing is queued.
 */
export class LiveQuery<Answer> {
  readonly #compute: () => Promise<Answer>;
  readonly #subscribe: (changed: () => void) => Subscribed;
  readonly #waiting = new Set<Waiter>();
  #watchers = 0;
  #running: AbortController | undefined;
  #wake = Promise.withResolvers<void>();
  #latest: { readonly answer: Answer; readonly version: number } | undefined;

  constructor(compute: () => Promise<Answer>, subscribe: (changed: () => void) => Subscribed) {
    this.#compute = compute;
    this.#subscribe = subscribe;
  }

  get watchers(): number {
    return this.#watchers;
  }

  /** Answers from now on, until the signal aborts. Throws where not even the first can be computed. */
  async *watch(signal: AbortSignal): AsyncGenerator<Answer> {
    this.#enter();
    let seen = 0;
    try {
      while (!signal.aborted) {
        if (this.#latest === undefined || this.#latest.version === seen) {
          await this.#change(signal);
        } else {
          seen = this.#latest.version;
          yield this.#latest.answer;
        }
      }
    } finally {
      this.#leave();
    }
  }

  /** Resolves at the next answer or when the signal aborts. */
  async #change(signal: AbortSignal): Promise<void> {
    const waiter = Promise.withResolvers<void>();
    const onAbort = () => waiter.resolve();
    this.#waiting.add(waiter);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await waiter.promise;
    } finally {
      this.#waiting.delete(waiter);
      signal.removeEventListener('abort', onAbort);
    }
  }

  #enter(): void {
    this.#watchers += 1;
    if (this.#running !== undefined) return;
    this.#running = new AbortController();
    this.#run(this.#running.signal).catch((error: unknown) => this.#fail(error));
  }

  #leave(): void {
    this.#watchers -= 1;
    if (this.#watchers > 0) return;
    this.#running?.abort();
    this.#running = undefined;
    this.#latest = undefined;
    this.#wake.resolve();
  }

  #fail(error: unknown): void {
    this.#latest = undefined;
    for (const { reject } of this.#waiting) reject(error);
  }

  async #run(signal: AbortSignal): Promise<void> {
    const subscribed = this.#subscribe(() => this.#wake.resolve());
    let version = 0;
    let failingSince: number | undefined;
    try {
      await subscribed.ready;
      while (!signal.aborted) {
        this.#wake = Promise.withResolvers<void>();
        const started = performance.now();
        try {
          const answer = await this.#compute();
          if (signal.aborted) return;
          version += 1;
          failingSince = undefined;
          this.#latest = { answer, version };
          for (const { resolve } of this.#waiting) resolve();
        } catch (error) {
          if (signal.aborted) return;
          failingSince ??= started;
          // Watchers keep the last answer through a short outage; without one, for longer, or of a refusal they are told.
          const isOver = performance.now() - failingSince > PATIENCE_MS;
          if (this.#latest === undefined || isOver || isRefusal(error)) this.#fail(error);
        }
        // What takes long rests as long, so that no question keeps the database busy by itself.
        const tookMs = performance.now() - started;
        await pause(Math.max(MIN_GAP_MS - tookMs, Math.min(tookMs, MAX_REST_MS)), signal);
        await Promise.race([this.#wake.promise, pause(MAX_GAP_MS - (performance.now() - started), signal)]);
      }
    } finally {
      subscribed.unsubscribe();
    }
  }
}

/** It says that there is no answer for this watcher, rather than none for now. */
function isRefusal(error: unknown): boolean {
  return error instanceof TidemarkError && !isOutage(error);
}
