import type { CountPieces, Horizons, UserPieces } from '@tidemark/database';
import { DAY_MS, HOUR_MS } from '../calendar/days.ts';
import type { EpochRange } from '../calendar/resolve-range.ts';
import type { TenantCalendar } from '../calendar/tenant-calendar.ts';
import { planCountPieces, planUserPieces } from '../rollups/plan-pieces.ts';
import { assertRawKept, beyondRetention, toKeptPart } from './beyond-retention.ts';

export type ReachOptions = {
  readonly calendar: TenantCalendar;
  readonly horizons: Horizons;
  /** When it is asked, epoch ms. */
  readonly now: number;
  /** The buckets of another range, as the question would cut it. Default: the range is one bucket. */
  readonly cut?: ((range: EpochRange) => readonly number[]) | undefined;
};

type Plan = { readonly counts: CountPieces; readonly users: UserPieces };

/**
 * What a tenant's data can answer after retention took some of it. A question that needs more is refused with the
 * nearest range that can be answered.
 */
export class Reach {
  readonly #options: ReachOptions;
  readonly #plans = new WeakMap<readonly number[], Plan>();

  constructor(options: ReachOptions) {
    this.#options = options;
  }

  /** Where the buckets between `edges` (epoch ms) are counted. Refuses those whose rows are gone. */
  planPieces(edges: readonly number[]): Plan {
    const known = this.#plans.get(edges);
    if (known !== undefined) return known;
    const { cut = toEdges } = this.#options;
    const plan = this.#plan(edges);
    if (!this.#isKept(edges, plan)) {
      const range = { from: edges[0] ?? 0, to: edges.at(-1) ?? 0 };
      const near = this.#nearest(range, (other) => {
        const others = cut(other);
        // What has too many buckets ends early, and would be refused in its turn.
        if (others.at(-1) !== other.to) return false;
        return [toEdges(other), others].every((part) => this.#isKept(part, this.#plan(part)));
      });
      throw beyondRetention(range, this.#options.horizons, near);
    }
    this.#plans.set(edges, plan);
    return plan;
  }

  /** Refuses a range (epoch ms) that needs raw rows which are gone. */
  assertRaw(range: EpochRange): void {
    assertRawKept(range, this.#options.horizons, this.#options.now);
  }

  #plan(edges: readonly number[]): Plan {
    const { calendar } = this.#options;
    return { counts: planCountPieces(edges, calendar), users: planUserPieces(edges, calendar) };
  }

  #isKept(edges: readonly number[], { counts, users }: Plan): boolean {
    const { rawFrom, rollupsFrom } = this.#options.horizons;
    if (rollupsFrom !== null && (edges[0] ?? 0) < rollupsFrom) return false;
    return rawFrom === null || [...counts.raw, ...users.raw].every(({ from }) => from >= rawFrom);
  }

  /** Out to the edges that rollups meet, else from a later beginning, from which on every row is kept. */
  #nearest(range: EpochRange, isKept: (range: EpochRange) => boolean): EpochRange {
    const { calendar, horizons, now } = this.#options;
    const { rawFrom, rollupsFrom } = horizons;
    const kept = toKeptPart(range, rollupsFrom, now);
    const { days } = calendar;
    const hours = { from: Math.floor(kept.from / HOUR_MS) * HOUR_MS, to: Math.ceil(kept.to / HOUR_MS) * HOUR_MS };
    const dayFrom = days.startOf(days.dayOf(kept.from));
    const wholeDays = {
      from: dayFrom < kept.from && kept.from === rollupsFrom ? days.startOf(days.firstWholeDay(kept.from)) : dayFrom,
      to: days.startOf(days.firstWholeDay(kept.to)),
    };
    const later = toKeptPart(range, rawFrom, now);
    const day = { from: later.from, to: Math.min(later.to, later.from + DAY_MS) };
    return [kept, hours, wholeDays, later].find((other) => other.from < other.to && isKept(other)) ?? day;
  }
}

function toEdges({ from, to }: EpochRange): readonly number[] {
  return [from, to];
}
