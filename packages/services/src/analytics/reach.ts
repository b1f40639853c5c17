import type { CountPieces, Horizons, UserPieces } from '@tidemark/database';
import { toInstant } from '@tidemark/schemas';
import { HOUR_MS } from '../calendar/days.ts';
import type { EpochRange } from '../calendar/resolve-range.ts';
import type { TenantCalendar } from '../calendar/tenant-calendar.ts';
import { planCountPieces, planUserPieces } from '../rollups/plan-pieces.ts';
import { TidemarkError } from '../tidemark-error.ts';

export type ReachOptions = {
  readonly calendar: TenantCalendar;
  readonly horizons: Horizons;
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
      throw this.#refusal(range, (other) => {
        const others = cut(other);
        return [toEdges(other), others].every((part) => this.#isKept(part, this.#plan(part)));
      });
    }
    this.#plans.set(edges, plan);
    return plan;
  }

  /** Refuses a range (epoch ms) that needs raw rows which are gone. */
  assertRaw(range: EpochRange): void {
    const { rawFrom } = this.#options.horizons;
    const isKept = ({ from }: EpochRange) => rawFrom === null || from >= rawFrom;
    if (!isKept(range)) throw this.#refusal(range, isKept);
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

  #refusal(range: EpochRange, isKept: (range: EpochRange) => boolean): TidemarkError {
    const { rawFrom, rollupsFrom } = this.#options.horizons;
    const nearest = this.#nearby(range).find((other) => other.from < other.to && isKept(other));
    const remedy = nearest
      ? `ask for ${toInstant(nearest.from)} to ${toInstant(nearest.to)}`
      : 'ask for a later range, or by a longer interval and without filters by user or property';
    return new TidemarkError('beyond_retention', `What this question needs is no longer kept so far back: ${remedy}.`, {
      field: 'from',
      range: toInstants(range),
      rawFrom: rawFrom === null ? null : toInstant(rawFrom),
      rollupsFrom: rollupsFrom === null ? null : toInstant(rollupsFrom),
      nearest: nearest === undefined ? null : toInstants(nearest),
    });
  }

  /** Ranges to try instead, the nearest first: out to the edges that rollups meet, then later beginnings. */
  #nearby({ from, to }: EpochRange): EpochRange[] {
    const { calendar, horizons } = this.#options;
    const { rawFrom, rollupsFrom } = horizons;
    const kept = Math.max(from, rollupsFrom ?? from);
    const { days } = calendar;
    const hours = { from: Math.floor(kept / HOUR_MS) * HOUR_MS, to: Math.ceil(to / HOUR_MS) * HOUR_MS };
    const dayFrom = days.startOf(days.dayOf(kept));
    const wholeDays = {
      from: dayFrom < kept && kept === rollupsFrom ? days.startOf(days.firstWholeDay(kept)) : dayFrom,
      to: days.startOf(days.firstWholeDay(to)),
    };
    return [{ from: kept, to }, hours, wholeDays, { from: Math.max(from, rawFrom ?? from), to }];
  }
}

function toEdges({ from, to }: EpochRange): readonly number[] {
  return [from, to];
}

function toInstants({ from, to }: EpochRange): { from: string; to: string } {
  return { from: toInstant(from), to: toInstant(to) };
}
