import { type Database, type TenantTransaction, toFault, withTenant } from '@tidemark/database';
import { ExponentialBackoff, handleWhen, retry, TimeoutStrategy, timeout } from 'cockatiel';
import type { Tracer } from '../telemetry/tracer.ts';
import { TidemarkError } from '../tidemark-error.ts';
import type { Breaker } from './breaker.ts';
import { FairTurns } from './fair-turns.ts';
import type { SilenceWatch } from './silence-watch.ts';

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

type Work<Result> = (transaction: TenantTransaction) => Promise<Result>;

export type ReadsOptions = {
  readonly database: Pick<Database, 'reads'>;
  readonly breaker: Breaker;
  readonly silence: SilenceWatch;
  readonly tracer: Tracer;
  /** Told of every question how long (ms) it took from its turn on, tries included. */
  readonly onAnswered?: (tenantId: string, tookMs: number) => void;
};

/**
 * The way to everything that is read of a tenant. A question waits for its tenant's turn, is tried again where the
 * fault passes, ends at once while the breaker is open, and has a deadline:
 *
 *   turn → retry → breaker → timeout → transaction
 */
export class Reads {
  readonly turns: FairTurns;
  readonly #options: ReadsOptions;
  readonly #retry = retry(handleWhen(isPassing), {
    maxAttempts: RETRIES,
    backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 1_000 }),
  });
  readonly #timeout = timeout(TIMEOUT_MS, { strategy: TimeoutStrategy.Cooperative, abortOnReturn: false });

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
    const { onAnswered } = this.#options;
    return await this.turns.run(tenantId, async () => {
      const begunAt = performance.now();
      try {
        return await this.#try(tenantId, work);
      } finally {
        onAnswered?.(tenantId, performance.now() - begunAt);
      }
    });
  }

  /** Looks a few rows up that the server needs to know, beside the turns. */
  async peek<Result>(tenantId: string, work: Work<Result>): Promise<Result> {
    return await this.#try(tenantId, work);
  }

  async #try<Result>(tenantId: string, work: Work<Result>): Promise<Result> {
    const { breaker, tracer } = this.#options;
    const retryable = AbortSignal.timeout(RETRY_WITHIN_MS);
    return await this.#retry.execute(
      () => breaker.run(() => tracer.span('read', {}, () => this.#read(tenantId, work))),
      retryable,
    );
  }

  async #read<Result>(tenantId: string, work: Work<Result>): Promise<Result> {
    const { database, silence } = this.#options;
    return await silence.run((silenced) =>
      this.#timeout.execute(async ({ signal }) => {
        try {
          return await withTenant(database.reads, tenantId, { mode: 'read', signal }, work);
        } catch (cause) {
          throw signal.aborted ? tooSlow(cause) : cause;
        }
      }, silenced),
    );
  }
}

function isPassing(error: unknown): boolean {
  return toFault(error) === 'transient';
}

function tooSlow(cause: unknown): TidemarkError {
  const remedy = 'The answer took too long to compute: ask for a shorter range or fewer filters.';
  return new TidemarkError('timed_out', remedy, {}, { cause });
}
