import { type Database, pingPool } from '@tidemark/database';
import { pause } from '../pause.ts';
import { TidemarkError } from '../tidemark-error.ts';
import type { Breaker } from './breaker.ts';

/** Most answers take milliseconds: after this long the database is asked whether it is still there … */
const SLOW_MS = 2_000;
/** … and answers that, on the slowest of its days, within this. */
const PING_PATIENCE_MS = 1_000;
const AGAIN_MS = 50;
const RETRY_AFTER_MS = 1_000;

type Running = { readonly startedAt: number; readonly silenced: AbortController };

/** `probes` and not the pool that the work is done by: that one may be full, of the very work that is doubted. */
export type SilenceWatchOptions = { readonly database: Pick<Database, 'probes'>; readonly breaker: Breaker };

/**
 * Tells a slow answer from a silent database. An answer that takes long is its asker's affair, as long as the database answers
 * `SELECT 1` besides; where it does not, the breaker opens, and whatever waits is given up.
 */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  readonly #running = new Set<Running>();
  #isDoubting = false;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
  }

  /** Runs work that is given up, and its signal aborted, when the database has fallen silent. Throws `unavailable` then. */
  async run<Result>(work: (silenced: AbortSignal) => Promise<Result>): Promise<Result> {
    const running = { startedAt: performance.now(), silenced: new AbortController() };
    const { signal } = running.silenced;
    const doubting = setTimeout(() => void this.#doubt(), SLOW_MS);
    const { promise: silence, reject } = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => reject(refusal()), { once: true });
    this.#running.add(running);
    try {
      return await Promise.race([work(signal), silence]);
    } finally {
      clearTimeout(doubting);
      this.#running.delete(running);
    }
  }

  /** Asks, as long as something takes suspiciously long, whether the database is there at all. */
  async #doubt(): Promise<void> {
    if (this.#isDoubting) return;
    this.#isDoubting = true;
    const { breaker, database } = this.#options;
    try {
      while (breaker.isClosed && this.#isSlow()) {
        const answers = await breaker
          .run(() => pingPool(database.probes, PING_PATIENCE_MS))
          .then(
            () => true,
            () => false,
          );
        // Also where it fails at once, and not for being away: a pool that is closed would be asked without end.
        await pause(answers ? SLOW_MS : AGAIN_MS);
        if (!breaker.isClosed) for (const { silenced } of this.#running) silenced.abort();
      }
    } finally {
      this.#isDoubting = false;
    }
  }

  #isSlow(): boolean {
    const now = performance.now();
    for (const { startedAt } of this.#running) if (now - startedAt >= SLOW_MS / 2) return true;
    return false;
  }
}

function refusal(): TidemarkError {
  const remedy = 'The database has fallen silent: ask again shortly.';
  return new TidemarkError('unavailable', remedy, { retryAfterMs: RETRY_AFTER_MS });
}
