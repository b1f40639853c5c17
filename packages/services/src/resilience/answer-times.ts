/** Long enough to hold enough answers of a quiet server, short enough to follow a crowd. */
const WINDOW_MS = 5_000;
/** Of fewer the 95th percentile is the slowest, which may just be a long question. */
const ENOUGH = 20;
const MAX_TIMES = 4_000;

type Time = { readonly tenantId: string; readonly at: number; readonly tookMs: number };

/** How long the questions of the last seconds took to answer, from their turn on. */
export class AnswerTimes {
  #times: Time[] = [];

  /** `at` in monotonic ms. */
  add(tenantId: string, at: number, tookMs: number): void {
    if (this.#times.length >= MAX_TIMES) this.#times = this.#times.slice(MAX_TIMES / 2);
    this.#times.push({ tenantId, at, tookMs });
  }

  /**
   * The 95th percentile of the tenant in the middle, so that one whose questions are slow by themselves is no load:
   * a server whose answers are slow is slow for most. Null where too few were asked to tell.
   */
  p95(now: number): number | null {
    this.#times = this.#times.filter(({ at }) => now - at < WINDOW_MS);
    if (this.#times.length < ENOUGH) return null;
    const byTenant = Map.groupBy(this.#times, ({ tenantId }) => tenantId);
    const each = Array.from(byTenant.values(), (times) =>
      rank(
        times.map(({ tookMs }) => tookMs),
        0.95,
      ),
    );
    return rank(each, 0.5);
  }
}

/** The value below which a share of the numbers lies, nearest rank. */
function rank(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
