import type { AppliedCommit, CacheEntry, CacheStore } from '@tidemark/redis';
import { type Meta, toInstant } from '@tidemark/schemas';
import type { Answer } from '../analytics/answer-question.ts';
import { DAY_MS } from '../calendar/days.ts';
import { isOutage } from '../resilience/is-outage.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Tracer } from '../telemetry/tracer.ts';
import { type Asked, type CacheableQuestion, type Reader, toAsked } from './asked.ts';
import type { CacheLayer, CacheLayers, Found } from './cache-layer.ts';
import { CacheTally } from './cache-tally.ts';
import { LastAnswers } from './last-answers.ts';
import { type AnyAnswer, REUSE_MS, RecentAnswers, type RightAnswer } from './recent-answers.ts';
import { TIER_TTL_MS, toTier } from './tier.ts';
import { toWant, type Want } from './want.ts';

/** The cache is compared with the database this often at most, while somebody reads. */
const REPLAY_MS = REUSE_MS / 2;
/** An answer older than this is found right again, or computed again, while it is still being served. */
const REFRESH_MS = REUSE_MS / 2;
/** Answers are kept this long, to be served as stale when nothing better can be had. */
const KEEP_MS = DAY_MS;

type Flight = { readonly startedAt: number; readonly computed: Promise<RightAnswer> };
type Status = Meta['cache']['status'];

export type AnswerCacheOptions = {
  readonly layers: CacheLayers;
  /** Whether no other server writes to this database, so that every acknowledgement is known here. */
  readonly isOnlyServer: boolean;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  /** Epoch ms. */
  readonly clock: () => number;
  /** Monotonic ms. */
  readonly elapsed: () => number;
};

/**
 * Answers from what was computed before, as long as that is right. An answer is right while the generations
 * of its tags, read before it was computed, still stand in a cache that misses no commit; one that was right
 * within the last second is served as well, unless its reader has been acknowledged a later write, or asks
 * for a fresh one. So everyone reads their own writes and nobody is more than a second behind others'.
 */
export class AnswerCache {
  readonly tally = new CacheTally();
  readonly #options: AnswerCacheOptions;
  readonly #recent = new RecentAnswers();
  readonly #last = new LastAnswers();
  readonly #flights = new Map<string, Flight>();
  readonly #refreshing = new Set<string>();

  constructor(options: AnswerCacheOptions) {
    this.#options = options;
  }

  /** Where answers are kept now. */
  get store(): CacheStore {
    return this.#options.layers.current.store;
  }

  /** The answer with where it came from in its `meta.cache`. Throws what computing it throws. */
  async answer<Numbers extends object>(question: CacheableQuestion<Numbers>, reader: Reader): Promise<Answer<Numbers>> {
    return (await this.#answer(toAsked(question, reader, this.#options.elapsed()))) as Answer<Numbers>;
  }

  /** Tells of a commit, before it is acknowledged. */
  async apply(commit: AppliedCommit): Promise<void> {
    this.tally.add(commit.tenantId, 'invalidations');
    await this.#options.layers.apply(commit);
  }

  /** Takes answers out of date: those of the tags. */
  async renew(tenantId: string, tags: readonly string[]): Promise<void> {
    this.tally.add(tenantId, 'invalidations');
    await this.#options.layers.current.store.renew(tenantId, tags);
    this.#recent.clear();
  }

  async #answer(asked: Asked): Promise<AnyAnswer> {
    const { reader, at } = asked;
    const known = reader.fresh || !reader.mayBeBehind ? undefined : this.#recent.find(asked.id, at);
    if (known !== undefined && !reader.mayWrite) {
      return this.#serveRecent(asked, known);
    }
    const found = await this.#find(asked, at - REPLAY_MS);
    if (reader.fresh) return this.#serve(asked, await this.#compute(asked, found), 'bypass');

    const kept = toKept(found);
    if (kept?.isRight) return this.#serveRight(asked, found, kept);
    if (kept !== undefined && this.#options.clock() - kept.computedAt < reader.mayBeStaleMs) {
      return this.#serve(asked, kept, 'stale', false);
    }
    const needed = this.#toNeeded(asked, found);
    if (known !== undefined && known.answer.seq >= needed) return this.#serveRecent(asked, known);
    if (kept !== undefined && found.want !== undefined) return this.#serveOld(asked, kept, found.want);
    return await this.#computeOrServeOld(asked, found, needed, kept);
  }

  async #computeOrServeOld(asked: Asked, found: Found, needed: number, kept?: RightAnswer): Promise<AnyAnswer> {
    try {
      return this.#serve(asked, await this.#computeOnce(asked, found, needed), 'miss');
    } catch (error) {
      if (!isOutage(error)) throw error;
      if (kept !== undefined) return this.#serveOld(asked, kept, toWant(error));
      const last = await this.#serveLast(asked, found, toWant(error));
      if (last === undefined) throw error;
      return last;
    }
  }

  /** What was kept, for want of anything newer. */
  #serveOld(asked: Asked, kept: RightAnswer, reason: Want): AnyAnswer {
    const served = this.#serve(asked, kept, 'stale', false);
    const { interval, asOf } = served.value.meta;
    return markDegraded(served, { reason, level: 1, requested: interval, served: `${interval}, as of ${asOf}` });
  }

  /** What the question was answered when it was about an earlier range. */
  async #serveLast(asked: Asked, { layer }: Found, reason: Want): Promise<AnyAnswer | undefined> {
    const { question, reader, tags } = asked;
    const key = this.#last.find(asked);
    if (key === undefined) return undefined;
    const kept = layer.store.read({ tenantId: question.tenantId, key, tags, reader: reader.id });
    const { entry, generations } = await kept.catch(() => ({ entry: undefined, generations: [] }));
    if (entry === undefined || isGone(entry.generations, generations)) return undefined;
    const served = this.#serve(asked, toRight(entry), 'stale', false);
    const { range } = served.value.meta;
    const requested = question.ranges[0];
    return markDegraded(served, {
      reason,
      level: 1,
      requested: `${toInstant(requested.from)}/${toInstant(requested.to)}`,
      served: `${range.from}/${range.to}`,
    });
  }

  async #find(asked: Asked, notBefore: number): Promise<Found> {
    const { question, key, tags, reader } = asked;
    return await this.#options.layers.find({ tenantId: question.tenantId, key, tags, reader: reader.id }, (layer) =>
      this.#mustBeLevelNow(asked, layer) ? Number.POSITIVE_INFINITY : notBefore,
    );
  }

  #serveRecent(asked: Asked, known: RightAnswer): AnyAnswer {
    const { id } = asked;
    if (asked.at - known.rightAt > REFRESH_MS && !this.#refreshing.has(id)) {
      this.#refreshing.add(id);
      // Nobody waits for it: who asks next finds what kept it from an answer.
      this.#refresh(asked)
        .catch(() => {})
        .finally(() => this.#refreshing.delete(id));
    }
    return this.#serve(asked, known, 'hit');
  }

  /** Looks anew while the last answer is being served, so that whoever asks once its second is over need not wait. */
  async #refresh(asked: Asked): Promise<void> {
    const found = await this.#find(asked, asked.at);
    const kept = toKept(found);
    if (kept?.isRight) this.#remember(asked, kept);
    else await this.#computeOnce(asked, found, 0);
  }

  /** The last commit that what is not right any more has to hold to be served all the same. */
  #toNeeded(asked: Asked, { layer, level, acknowledgedSeq }: Found): number {
    if (level === undefined) return Number.POSITIVE_INFINITY;
    if (this.#mustBeLevelNow(asked, layer)) return level.watermark;
    return acknowledgedSeq;
  }

  /** Without a shared store another server may just have acknowledged this reader a write: only the database knows. */
  #mustBeLevelNow({ reader }: Asked, { store }: CacheLayer): boolean {
    return reader.mayWrite && !store.isShared && !this.#options.isOnlyServer;
  }

  /** Past its time to live an answer is served once more while it is computed again. */
  #serveRight(asked: Asked, found: Found, kept: RightAnswer): AnyAnswer {
    this.#remember(asked, kept);
    const tier = toTier(asked.question.ranges[0], this.#options.clock());
    if (this.#options.clock() - kept.computedAt < TIER_TTL_MS[tier]) return this.#serve(asked, kept, 'hit');
    if (!this.#flights.has(asked.id)) {
      // Nobody waits for it: who asks next finds what kept it from an answer.
      this.#compute(asked, found).catch(() => {});
    }
    return this.#serve(asked, kept, 'stale');
  }

  /** Shares what is being computed for others, where it began soon enough to be right and turns out new enough. */
  async #computeOnce(asked: Asked, found: Found, needed: number): Promise<RightAnswer> {
    const flight = asked.reader.mayBeBehind ? this.#flights.get(asked.id) : undefined;
    if (flight === undefined || asked.at - flight.startedAt > REUSE_MS) return await this.#compute(asked, found);
    const shared = await flight.computed;
    return shared.answer.seq >= needed ? shared : await this.#compute(asked, found);
  }

  async #compute(asked: Asked, found: Found): Promise<RightAnswer> {
    const { id } = asked;
    const startedAt = this.#options.elapsed();
    const flight: Flight = { startedAt, computed: this.#computeRight(asked, startedAt) };
    this.#flights.set(id, flight);
    try {
      const right = await flight.computed;
      this.#remember(asked, right);
      await this.#keep(asked, found, right);
      return right;
    } finally {
      if (this.#flights.get(id) === flight) this.#flights.delete(id);
    }
  }

  #remember(asked: Asked, right: RightAnswer): void {
    this.#recent.put(asked.id, right);
    this.#last.remember(asked);
  }

  async #computeRight({ question }: Asked, rightAt: number): Promise<RightAnswer> {
    this.tally.add(question.tenantId, 'computations');
    const computedAt = this.#options.clock();
    const answer = await this.#options.tracer.span('compute', {}, question.compute);
    return { answer, rightAt, computedAt };
  }

  async #keep({ question, key }: Asked, { layer, generations }: Found, right: RightAnswer): Promise<void> {
    const { answer, computedAt } = right;
    const entry = { value: answer.value, seq: answer.seq, generations, computedAt };
    // An answer that cannot be kept is an answer all the same.
    await layer.store.write(question.tenantId, key, entry, KEEP_MS).catch(() => {});
  }

  #serve({ question, at }: Asked, right: RightAnswer, status: Status, isExact = true): AnyAnswer {
    const { metrics, clock, elapsed } = this.#options;
    const { answer, computedAt } = right;
    const tier = toTier(question.ranges[0], clock());
    this.tally.serve(question.tenantId, tier, TALLIED[status]);
    metrics.served({ status, tier });
    const { meta } = answer.value;
    return {
      seq: answer.seq,
      value: {
        ...answer.value,
        meta: {
          ...meta,
          exact: meta.exact && isExact,
          cache: { status, ageMs: Math.max(0, clock() - computedAt), ttlMs: TIER_TTL_MS[tier], tier },
          tookMs: Math.round((elapsed() - at) * 10) / 10,
        },
      },
    };
  }
}

function markDegraded(answer: AnyAnswer, degraded: Meta['degraded']): AnyAnswer {
  return { ...answer, value: { ...answer.value, meta: { ...answer.value.meta, degraded } } };
}

const TALLIED = { hit: 'hits', stale: 'stale', miss: 'misses', bypass: 'misses' } as const;

function toRight({ value, seq, computedAt }: CacheEntry): RightAnswer {
  return { answer: { value: value as AnyAnswer['value'], seq }, rightAt: 0, computedAt };
}

/** Whether all that was kept went with the root, which is the first tag: not even as a stale answer it is served. */
function isGone([root]: readonly string[], [now]: readonly string[]): boolean {
  return root !== now;
}

/** What is kept for a question, and whether its tags still stand in a cache that misses nothing. */
function toKept({ entry, generations, level }: Found): (RightAnswer & { isRight: boolean }) | undefined {
  if (entry === undefined || isGone(entry.generations, generations)) return undefined;
  const stands = entry.generations.every((generation, place) => generation === generations[place]);
  return {
    ...toRight(entry),
    rightAt: level?.at ?? 0,
    isRight: level !== undefined && entry.generations.length === generations.length && stands,
  };
}
