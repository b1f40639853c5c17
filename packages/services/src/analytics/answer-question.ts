import { listEventTypes, type TenantTransaction, takeSnapshot } from '@tidemark/database';
import { type Filters, type Interval, type Meta, type Source, toInstant } from '@tidemark/schemas';
import { toTier } from '../cache/tier.ts';
import type { EpochRange } from '../calendar/resolve-range.ts';
import { toInstants } from '../calendar/to-instants.ts';
import type { TenantRef } from '../context.ts';
import type { Resources } from '../resources.ts';
import { type CountCells, toCountCells } from './count-cells.ts';
import { Reach } from './reach.ts';

/** A question with everything relative resolved. */
export type Question = {
  readonly filters: Filters;
  readonly range: EpochRange;
  readonly interval: Interval;
  readonly timeZone: string;
  /** The buckets of another range, as the question would cut it; none: it asks for no buckets. */
  readonly cut?: (range: EpochRange) => readonly number[];
};

/** What an answer is computed with: one snapshot, and the way to count in it. */
export type Snapshot = {
  readonly transaction: TenantTransaction;
  readonly countCells: CountCells;
  readonly reach: Reach;
  readonly typeNames: ReadonlyMap<number, string>;
};

/** An answer and the last commit it holds. */
export type Answer<Numbers> = { readonly value: Numbers & { meta: Meta }; readonly seq: number };

/** Computes an answer from the database, every number of it from one snapshot, and says where it came from. */
export async function answerQuestion<Numbers extends object>(
  { reads, clock, calendars }: Resources,
  tenant: TenantRef,
  { filters, range, interval, timeZone, cut }: Question,
  compute: (snapshot: Snapshot) => Promise<{ numbers: Numbers; source: Source }>,
): Promise<Answer<Numbers>> {
  const now = clock();
  const started = performance.now();
  return await reads.ask(tenant.id, async (transaction) => {
    const [{ seq, asOf, calendar, horizons }, typeIds] = await Promise.all([
      takeSnapshot(transaction),
      listEventTypes(transaction),
    ]);
    const reach = new Reach({ calendar: calendars.of(calendar), horizons, now, cut });
    const countCells = toCountCells({ transaction, filters, typeIds, reach });
    const typeNames = new Map([...typeIds].map(([name, id]) => [id, name]));
    const { numbers, source } = await compute({ transaction, countCells, reach, typeNames });
    const meta: Meta = {
      source,
      cache: { status: 'bypass', ageMs: 0, ttlMs: 0, tier: toTier(range, now) },
      asOf: toInstant(asOf),
      range: toInstants(range),
      interval,
      timeZone,
      exact: true,
      degraded: null,
      tookMs: Math.round((performance.now() - started) * 10) / 10,
    };
    return { value: { ...numbers, meta }, seq };
  });
}
