import type { Bus } from '@tidemark/redis';
import type { Priority, SummaryQuery } from '@tidemark/schemas';
import type { SummaryAnswer } from '../analytics/answer-summary.ts';
import { canonicalFilters } from '../cache/canonical-filters.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { TenantRef } from '../context.ts';
import { FairTurns } from '../resilience/fair-turns.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { LiveQueries } from './live-queries.ts';
import { LiveQuery, type Subscribed } from './live-query.ts';

/** Computations at a time, and of one tenant: half and a third of the connections for reads. */
const TURNS = { slots: 3, slotsPerTenant: 2 };
/** Different questions of one tenant: each is computed every five seconds at least, for as long as anyone watches it. */
const MAX_QUESTIONS_PER_TENANT = 200;
const RETRY_AFTER_MS = 5_000;

type AnswerWatched = (tenant: TenantRef, query: SummaryQuery, priority: Priority) => Promise<SummaryAnswer>;

/** What is watched: under load a question of another priority is another one. */
export type Watched = { readonly tenant: TenantRef; readonly query: SummaryQuery; readonly priority: Priority };

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

  /** The answers from now on: the first at once, then after commits, until the signal aborts or load leaves none. */
  async *watch({ tenant, query, priority }: Watched, signal: AbortSignal): AsyncGenerator<SummaryAnswer> {
    const key = toKey(tenant, query, priority);
    if (!this.#queries.has(key)) this.#assertRoom(tenant.id);
    const open = () =>
      new LiveQuery(
        () => this.#turns.run(tenant.id, () => this.#answer(tenant, query, priority)),
        (changed) => this.#subscribe(tenant, changed),
      );
    yield* this.#queries.watch(key, open, signal);
  }

  #assertRoom(tenantId: string): void {
    if (this.#queries.count(`${tenantId}:`) < MAX_QUESTIONS_PER_TENANT) return;
    const reason = `This tenant watches ${MAX_QUESTIONS_PER_TENANT} different questions on this server: leave some first.`;
    throw new TidemarkError('overloaded', reason, {
      questions: MAX_QUESTIONS_PER_TENANT,
      retryAfterMs: RETRY_AFTER_MS,
    });
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

/** A question is one however it is written. */
function toKey(
  tenant: TenantRef,
  { from, to, timeZone, groupBy, groupLimit, ...query }: SummaryQuery,
  priority: Priority,
): string {
  const { last, interval, compare, fresh } = query;
  const question = {
    range: last ?? [from, to].map((instant) => Date.parse(instant ?? '')),
    interval,
    zones: [tenant.timeZone, timeZone ?? tenant.timeZone],
    groupBy,
    groupLimit: groupBy && groupLimit,
    compare,
    fresh,
    filters: canonicalFilters(query),
    priority,
  };
  return `${tenant.id}:${canonicalJson(question)}`;
}
