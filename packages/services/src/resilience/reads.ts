import { type Database, pingPool, type TenantTransaction, toFault, withTenant } from '@tidemark/database';
import { ExponentialBackoff, handleWhen, retry, TimeoutStrategy, timeout } from 'cockatiel';
import { pause } from '../pause.ts';
import { TidemarkError } from '../tidemark-error.ts';
import type { Breaker } from './breaker.ts';
import { FairTurns } from './fair-turns.ts';

/** One connection stays for what keeps a server level: heads, outboxes, health, probes. All of them are short. */
const KEPT_FREE = 1;
/** Of the pool, rounded up: two tenants at their worst fill it, one leaves half. */
const TENANT_SHARE = 0.5;
/** A burst of a hundred different questions waits; a thousand is refused. */
const WAITING_PER_TENANT = 200;
const WAITING = 1_000;
/** Whoever waited so long has, as a rule, given up. */
const PATIENCE_MS = 5_000;

/** Statements end after 15 s by themselves; a question of many of them ends here. */
const TIMEOUT_MS = 20_000;
/** Tries of one read besides the first, and for how long after its beginning one may begin. */
const RETRIES = 2;
const RETRY_WITHIN_MS = 5_000;
/** Most answers take milliseconds: after this long the database is asked whether it is still there … */
const SLOW_MS = 2_000;
/** … and answers that, on the slowest of its days, within this. */
const PING_PATIENCE_MS = 1_000;
const RETRY_AFTER_MS = 1_000;

type Work<Result> = (transaction: TenantTransaction) => Promise<Result>;
type Running = { readonly startedAt: number; readonly silenced: AbortController };

export type ReadsOptions = {
  readonly database: Pick<Database, 'reads'>;
  readonly breaker: Breaker;
  /** Told of every question: how long (ms) its tenant waited for it, turn and tries included. */
  readonly onAsked?: (tenantId: string, tookMs: number) => void;
};

/**
 * The way to everything that is read of a tenant. A question waits for its tenant's turn, is tried again where the
 * fault passes, ends at once while the breaker is open, and has a deadline:
 *
 *   turn → retry → breaker → timeout → transaction
 *
 * A statement that is slow is its asker's affair. But where the database does not answer `SELECT 1` either, it is
 * silent: that opens the breaker, and whatever waits for an answer is given up.
 */
export class Reads {
  readonly turns: FairTurns;
  readonly #options: ReadsOptions;
  readonly #running = new Set<Running>();
  readonly #retry = retry(handleWhen(isPassing), {
    maxAttempts: RETRIES,
    backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 1_000 }),
  });
  readonly #timeout = timeout(TIMEOUT_MS, { strategy: TimeoutStrategy.Cooperative, abortOnReturn: false });
  #isDoubting = false;

  constructor(options: ReadsOptions) {
    this.#options = options;
    const { max } = options.database.reads.options;
    this.turns = new FairTurns({
      slots: Math.max(1, max - KEPT_FREE),
      slotsPerTenant: Math.max(1, Math.ceil(max * TENANT_SHARE)),
      waiting: WAITING,
      waitingPerTenant: WAITING_PER_TENANT,
      patienceMs: PATIENCE_MS,
    });
  }

  /** Answers a tenant's question in one snapshot, when it is the tenant's turn. */
  async ask<Result>(tenantId: string, work: Work<Result>): Promise<Result> {
    const { onAsked } = this.#options;
    const asked = performance.now();
    try {
      return await this.turns.run(tenantId, () => this.#try(tenantId, work));
    } finally {
      onAsked?.(tenantId, performance.now() - asked);
    }
  }

  /** Looks a few rows up that the server needs to know, beside the turns. */
  async peek<Result>(tenantId: string, work: Work<Result>): Promise<Result> {
    return await this.#try(tenantId, work);
  }

  async #try<Result>(tenantId: string, work: Work<Result>): Promise<Result> {
    const { breaker } = this.#options;
    const retryable = AbortSignal.timeout(RETRY_WITHIN_MS);
    return await this.#retry.execute(() => breaker.run(() => this.#read(tenantId, work)), retryable);
  }

  async #read<Result>(tenantId: string, work: Work<Result>): Promise<Result> {
    const { database } = this.#options;
    const running = { startedAt: performance.now(), silenced: new AbortController() };
    const doubting = setTimeout(() => void this.#doubt(), SLOW_MS);
    this.#running.add(running);
    try {
      return await this.#timeout.execute(async ({ signal }) => {
        try {
          return await withTenant(database.reads, tenantId, { mode: 'read', signal }, work);
        } catch (cause) {
          if (running.silenced.signal.aborted) throw silent(cause);
          throw signal.aborted ? tooSlow(cause) : cause;
        }
      }, running.silenced.signal);
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
          .run(() => pingPool(database.reads, PING_PATIENCE_MS))
          .then(
            () => true,
            () => false,
          );
        if (answers) await pause(SLOW_MS);
        else if (!breaker.isClosed) for (const { silenced } of this.#running) silenced.abort();
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

function isPassing(error: unknown): boolean {
  return toFault(error) === 'transient';
}

function silent(cause: unknown): TidemarkError {
  const remedy = 'The database has fallen silent: ask again shortly.';
  return new TidemarkError('unavailable', remedy, { retryAfterMs: RETRY_AFTER_MS }, { cause });
}

function tooSlow(cause: unknown): TidemarkError {
  const remedy = 'The answer took too long to compute: ask for a shorter range or fewer filters.';
  return new TidemarkError('timed_out', remedy, {}, { cause });
}
