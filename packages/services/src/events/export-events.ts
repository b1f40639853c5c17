import { type EventPosition, findOldestQuarter, listStoredEvents, readHorizons } from '@tidemark/database';
import type { Event, ExportQuery } from '@tidemark/schemas';
import { assertRawKept } from '../analytics/beyond-retention.ts';
import { DAY_MS } from '../calendar/days.ts';
import type { EpochRange } from '../calendar/resolve-range.ts';
import { assertScope, type TenantContext } from '../context.ts';
import { assertStillAllowed } from '../live/recheck-credential.ts';
import { withPatience } from '../live/with-patience.ts';
import { restWhileShed } from '../resilience/rest-while-shed.ts';
import { assertAdmitted } from '../resilience/rung.ts';
import { withReadFaults } from '../with-read-faults.ts';
import { isRanged, toStoredRange } from './to-stored-range.ts';

/** Held in memory at a time, of events of at most 17 KiB. */
const PAGE_EVENTS = 250;
/** A page looks through at most so much time: one user's events of years would take longer than a statement may. */
const WINDOW_MS = DAY_MS;

/**
 * The events of a tenant in the order of (occurredAt, id), page by page: the next one is read when the last has been
 * taken, in a short transaction of its own, so that a reader may take hours without holding anything. Whatever was
 * stored before and is not deleted meanwhile comes, once; of what arrives meanwhile, some. Ends when the credential does,
 * and searches no further for a reader who has left.
 */
export async function* exportEvents(
  ctx: TenantContext,
  query: ExportQuery,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<Event[]> {
  assertScope(ctx, 'events:read');
  assertAdmitted(ctx);
  using _export = ctx.resources.openExports.hold(ctx.tenant.id);
  const { from, to } = await withReadFaults(() => findStretch(ctx, query));
  for (let at = from; at < to && !signal.aborted; at += WINDOW_MS) {
    yield* exportWindow(ctx, query, { from: at, to: Math.min(at + WINDOW_MS, to) }, signal);
  }
}

async function* exportWindow(
  ctx: TenantContext,
  query: ExportQuery,
  range: EpochRange,
  signal: AbortSignal,
): AsyncGenerator<Event[]> {
  let after: EventPosition | undefined;
  for (;;) {
    const page = { filters: query, search: query.search, range, after, order: 'asc', limit: PAGE_EVENTS } as const;
    const read = () => ctx.resources.reads.ask(ctx.tenant.id, (transaction) => listStoredEvents(transaction, page));
    // Whoever has taken hours of it would rather wait some seconds than begin again.
    await restWhileShed(ctx, signal);
    const events = await withPatience(read, signal);
    await assertStillAllowed(ctx);
    const last = events.at(-1);
    if (last === undefined) return;
    yield events;
    if (events.length < PAGE_EVENTS) return;
    after = { id: last.id, occurredAt: Date.parse(last.occurredAt) };
  }
}

/** The range asked for, from the first event on. */
async function findStretch({ tenant, resources }: TenantContext, query: ExportQuery): Promise<EpochRange> {
  const now = resources.clock();
  const { from, to } = toStoredRange(query, tenant.timeZone, now);
  const oldest = await resources.reads.ask(tenant.id, async (transaction) => {
    if (isRanged(query)) assertRawKept({ from, to }, await readHorizons(transaction), now);
    return await findOldestQuarter(transaction);
  });
  return { from: Math.max(from, oldest ?? to), to };
}
