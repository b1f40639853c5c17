import type { Bus } from '@tidemark/redis';
import type { SummaryQuery } from '@tidemark/schemas';
import type { SummaryAnswer } from '../analytics/answer-summary.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { TenantRef } from '../context.ts';
import { FairTurns } from '../resilience/fair-turns.ts';
import { LiveQuery, type Subscribed } from './live-query.ts';

/** Computations at a time, and of one tenant: half and a third of the connections for reads. */
const TURNS = { slots: 3, slotsPerTenant: 2 };

type AnswerWatched = (tenant: TenantRef, query: SummaryQuery) => Promise<SummaryAnswer>;

/** Computes each watched query once, whatever the number of its watchers. */
export class SummaryHub {
  readonly #bus: Bus;
  readonly #answer: AnswerWatched;
  /** Watched questions take turns, so that whoever asks once finds a connection. */
  readonly #turns = new FairTurns(TURNS);
  readonly #queries = new Map<string, LiveQuery<SummaryAnswer>>();

  constructor(bus: Bus, answer: AnswerWatched) {
    this.#bus = bus;
    this.#answer = answer;
  }

  /** Queries being watched now. */
  get size(): number {
    return this.#queries.size;
  }

  /** The answers from now on: the first at once, then after commits, until the signal aborts. */
  async *watch(tenant: TenantRef, query: SummaryQuery, signal: AbortSignal): AsyncGenerator<SummaryAnswer> {
    const key = canonicalJson({ tenant: tenant.id, zone: tenant.timeZone, query });
    let live = this.#queries.get(key);
    if (live === undefined) {
      live = new LiveQuery(
        () => this.#turns.run(tenant.id, () => this.#answer(tenant, query)),
        (changed) => this.#subscribe(tenant, changed),
      );
      this.#queries.set(key, live);
    }
    try {
      yield* live.watch(signal);
    } finally {
      if (live.watchers === 0 && this.#queries.get(key) === live) this.#queries.delete(key);
    }
  }

  /** After a gap in the bus anything may have changed. */
  #subscribe(tenant: TenantRef, changed: () => void): Subscribed {
    const commits = this.#bus.subscribe(tenant.id, changed);
    const reconnects = this.#bus.onReconnect(changed);
    return {
      ready: commits.ready,
      unsubscribe: () => {
        commits.unsubscribe();
        reconnects.unsubscribe();
      },
    };
  }
}
