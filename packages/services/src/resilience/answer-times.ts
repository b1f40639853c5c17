/** Long enough to hold enough answers of a quiet server, short enough to follow a crowd. */
const WINDOW_MS = 5_000;
/** Of fewer the 95th percentile is the slowest, which may just be a long question. */
const ENOUGH = 20;
const MAX_TIMES = 4_000;

/** How long a question took, in ms. */
export type AnswerTime = {
  /** With the wait for its tenant's turn. */
  readonly askedMs: number;
  /** From its turn on; null where it had none. */
  readonly computedMs: number | null;
};

type Time = AnswerTime & { readonly tenantId: string; readonly at: number };

/** How long the questions of the last seconds took. */
export class AnswerTimes {
  #times: Time[] = [];

  /** `at` in monotonic ms. */
  add(tenantId: string, at: number, time: AnswerTime): void {
    if (this.#times.length >= MAX_TIMES) this.#times = this.#times.slice(MAX_TIMES / 2);
    this.#times.push({ tenantId, at, ...time });
  }

  /**
   * The 95th percentile of what computing took, for the tenant in the middle, so that one whose questions are slow by
   * themselves is no load: a server whose answers are slow is slow for most. Null where too few were asked to tell.
   */
  p95(now: number): number | null {
    const computed = this.#recent(now).flatMap(({ tenantId, computedMs }) =>
      computedMs === null ? [] : { tenantId, computedMs },
    );
    if (computed.length < ENOUGH) return null;
    const byTenant = Map.groupBy(computed, ({ tenantId }) => tenantId);
    const each = Array.from(byTenant.values(), (times) =>
      rank(
        times.map(({ computedMs }) => computedMs),
        0.95,
      ),
    );
    return rank(each, 0.5);
  }

  /** The 95th percentile of what each tenant that asked often enough waited for its answers. */
  p95ByTenant(now: number): Map<string, number> {
    const byTenant = Map.groupBy(this.#recent(now), ({ tenantId }) => tenantId);
    const busy = Array.from(byTenant).filter(([, times]) => times.length >= ENOUGH);
    return new Map(
      busy.map(([tenantId, times]) => [
        tenantId,
        rank(
          times.map(({ askedMs }) => askedMs),
          0.95,
        ),
      ]),
    );
  }

  #recent(now: number): readonly Time[] {
    this.#times = this.#times.filter(({ at }) => now - at < WINDOW_MS);
    return this.#times;
  }
}

/** The value below which a share of the numbers lies, nearest rank. */
function rank(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
