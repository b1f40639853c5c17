import type { ErrorCode, Meta } from '@tidemark/schemas';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** From an answer out of the cache to a question that ends at its deadline, in seconds. */
const DURATION_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

export type CallOutcome = ErrorCode | 'ok';

/** A call under way; each is told once. */
export type MeteredCall = {
  /** Its answer is there, or begins where it is a stream: how long that took is its duration. */
  answered(): void;
  ended(outcome: CallOutcome): void;
};

/**
 * What one server counts for Prometheus, in a registry of its own. Labels name procedures, codes and kinds, which are
 * few: never a tenant, a key or anything that a caller chose.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #calls = new Counter({
    name: 'tidemark_calls_total',
    help: 'Calls of procedures and exports, streams as they end, by their outcome: ok, or the code of the refusal.',
    labelNames: ['procedure', 'outcome'],
    registers: [this.registry],
  });
  readonly #durations = new Histogram({
    name: 'tidemark_call_duration_seconds',
    help: 'How long calls took; of a stream, until it began.',
    labelNames: ['procedure'],
    buckets: DURATION_BUCKETS,
    registers: [this.registry],
  });
  readonly #running = new Gauge({
    name: 'tidemark_calls_running',
    help: 'Calls under way, streams until they end.',
    labelNames: ['procedure'],
    registers: [this.registry],
  });
  readonly #served = new Counter({
    name: 'tidemark_cache_answers_total',
    help: 'Answers by what the cache had for them, and by tier.',
    labelNames: ['status', 'tier'],
    registers: [this.registry],
  });
  readonly #events = new Counter({
    name: 'tidemark_ingest_events_total',
    help: 'Events by what their receipt says.',
    labelNames: ['status'],
    registers: [this.registry],
  });
  readonly #commits = new Counter({
    name: 'tidemark_ingest_commits_total',
    help: 'Commits of events: as expected in one round trip, careful in three, or missed: undone and done with care.',
    labelNames: ['way'],
    registers: [this.registry],
  });
  readonly #limits = new Counter({
    name: 'tidemark_limit_decisions_total',
    help: 'Calls that a rate limit admitted or refused, by class.',
    labelNames: ['class', 'decision'],
    registers: [this.registry],
  });

  /** A call begins. */
  begin(procedure: string): MeteredCall {
    const started = performance.now();
    this.#running.inc({ procedure });
    return {
      answered: () => this.#durations.observe({ procedure }, (performance.now() - started) / 1_000),
      ended: (outcome) => {
        this.#running.dec({ procedure });
        this.#calls.inc({ procedure, outcome });
      },
    };
  }

  served({ status, tier }: Pick<Meta['cache'], 'status' | 'tier'>): void {
    this.#served.inc({ status, tier });
  }

  received(status: 'accepted' | 'duplicate' | 'rejected', count: number): void {
    if (count > 0) this.#events.inc({ status }, count);
  }

  /** How a commit went; one that was missed is a careful one besides. */
  committed(way: 'as_expected' | 'careful' | 'missed'): void {
    this.#commits.inc({ way });
  }

  limited(limitClass: string, decision: 'admitted' | 'refused'): void {
    this.#limits.inc({ class: limitClass, decision });
  }
}
