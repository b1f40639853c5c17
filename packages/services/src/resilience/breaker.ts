import { isAway } from '@tidemark/database';
import { type BreakerHealth, type BreakerName, type BreakerState, toInstant } from '@tidemark/schemas';
import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { TidemarkError } from '../tidemark-error.ts';

/** Failures in a row, without a success between them: one request that tries thrice must not open it alone. */
const FAILURES = 5;
/** The first probe follows soon, since most outages are a restart; a long one is not hammered. */
const FIRST_PROBE_MS = 250;
const LAST_PROBE_MS = 2_000;
const RETRY_AFTER_MS = 1_000;

export type BreakerChange = {
  readonly breaker: BreakerName;
  readonly from: BreakerState;
  readonly to: BreakerState;
  /** What the last failure was. */
  readonly reason: string | null;
};

export type BreakerOptions = {
  readonly name: BreakerName;
  /** Resolves when what stands behind the breaker answers again. */
  readonly probe: () => Promise<void>;
  /** Epoch ms. */
  readonly clock: () => number;
  readonly onChange: (change: BreakerChange) => void;
};

/**
 * Ends asking a database that is away:
 *
 *   closed ── 5 failures in a row ──▶ open ── 0.25 to 2 s ──▶ half-open ── the probe answers ──▶ closed
 *                                      ▲                          │
 *                                      └──── the probe fails ─────┘
 *
 * Only what says that the database cannot be reached is a failure: refusals, errors of data, statements that
 * took too long and lost races are answers of a database that is there. No request is spent on probing, and
 * none waits for a probe: unless closed, everything is refused at once.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #policy = circuitBreaker(handleWhen(isAway), {
    breaker: new ConsecutiveBreaker(FAILURES),
    // The probes have a timer of their own; whatever asks while open is refused before the policy sees it.
    halfOpenAfter: 0,
  });
  #state: BreakerState = 'closed';
  #since: number;
  #openings = 0;
  #failedProbes = 0;

  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#since = options.clock();
    this.#policy.onStateChange((state) => this.#change(STATES[state]));
    this.#policy.onBreak(() => {
      const waitMs = Math.min(FIRST_PROBE_MS * 2 ** this.#failedProbes, LAST_PROBE_MS) * (0.75 + Math.random() / 2);
      this.#failedProbes += 1;
      setTimeout(() => void this.#probe(), waitMs).unref();
    });
    this.#policy.onReset(() => {
      this.#failedProbes = 0;
    });
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  get health(): BreakerHealth {
    const { name } = this.#options;
    return {
      name,
      state: this.#state,
      since: toInstant(this.#since),
      openings: this.#openings,
      lastFailure: this.#lastFailure,
    };
  }

  /** Throws what the work throws, and `unavailable` without trying while the breaker is not closed. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (!this.isClosed) throw refusal();
    return await this.#policy.execute(work);
  }

  /** The last one of an outage that goes on. */
  get #lastFailure(): string | null {
    const failure = this.#policy.lastFailure;
    if (this.isClosed || failure === undefined || !('error' in failure)) return null;
    const { error } = failure;
    if (!(error instanceof Error)) return null;
    // The code where there is one: messages name hosts, which are nobody's business but the operator's.
    return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  }

  async #probe(): Promise<void> {
    // What it throws the policy has counted.
    await this.#policy.execute(this.#options.probe).catch(() => {});
  }

  #change(to: BreakerState): void {
    const { name, clock, onChange } = this.#options;
    const from = this.#state;
    this.#state = to;
    this.#since = clock();
    if (to === 'open' && from === 'closed') this.#openings += 1;
    onChange({ breaker: name, from, to, reason: this.#lastFailure });
  }
}

const STATES: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
};

function refusal(): TidemarkError {
  const remedy = 'The database does not answer, and is asked again every second or two: ask again shortly.';
  return new TidemarkError('unavailable', remedy, { retryAfterMs: RETRY_AFTER_MS });
}
