import type { Bus } from '@tidemark/redis';
import type { SummaryQuery } from '@tidemark/schemas';
import type { SummaryAnswer } from '../analytics/answer-summary.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { TenantRef } from '../context.ts';
import { FairTurns } from '../resilience/fair-turns.ts';
import { LiveQueries } from './live-queries.ts';
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
  readonly #queries = new LiveQueries<SummaryAnswer>();

  constructor(bus: Bus, answer: AnswerWatched) {
    this.#bus = bus;
    this.#answer = answer;
  }

  /** Queries being watched now. */
  get size(): number {
    return this.#queries.size;
  }

  get watchers(): number {
    return this.#queries.watchers;
  }

  /** The answers from now on: the first at once, then after commits, until the signal aborts. */
  async *watch(tenant: TenantRef, query: SummaryQuery, signal: AbortSignal): AsyncGenerator<SummaryAnswer> {
    const key = canonicalJson({ tenant: tenant.id, zone: tenant.timeZone, query });
    const open = () =>
      new LiveQuery(
        () => this.#turns.run(tenant.id, () => this.#answer(tenant, query)),
        (changed) => this.#subscribe(tenant, changed),
      );
    yield* this.#queries.watch(key, open, signal);
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
