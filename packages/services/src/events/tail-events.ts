import type { CommitPosition } from '@tidemark/database';
import type { TailInput, TailMessage } from '@tidemark/schemas';
import { assertScope, type TenantContext } from '../context.ts';
import { recheckCredential } from '../live/recheck-credential.ts';
import { withPatience } from '../live/with-patience.ts';
import { assertAdmitted } from '../resilience/rung.ts';
import { EventPace } from './event-pace.ts';
import { followCommits } from './follow-commits.ts';
import { findTailPlace, toTailId } from './tail-place.ts';

/** How far a stream may read without an event before it says where it is: well within what can be resumed. */
const PLACE_TOLD_MS = 60_000;

/**
 * Events as they are committed, in commit order, each once: from behind `lastEventId`, or from now on.
 * The id is the place of what was sent last. Subscribes first, then catches up from the commits, then follows
 * them: a page at a time, asked for only when the one before was taken. Ends when the credential does, and with
 * `rate_limited` where load leaves nothing for its priority.
 */
export async function* tailEvents(
  ctx: TenantContext,
  { lastEventId, maxPerSecond = Number.POSITIVE_INFINITY, ...filters }: TailInput,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<{ id: string; message: TailMessage }> {
  assertScope(ctx, 'events:read');
  assertAdmitted(ctx);
  const { reads, clock, tailHub, openStreams } = ctx.resources;
  using _stream = openStreams.hold(ctx.tenant.id);
  using held = tailHub.hold(ctx.tenant.id);
  await held.tail.ready;
  const find = () => reads.ask(ctx.tenant.id, (transaction) => findTailPlace(transaction, lastEventId, clock()));
  const place = await withPatience(find, signal);
  const recheck = recheckCredential(ctx);
  const pace = new EventPace(maxPerSecond);
  let told = { id: toTailId(place.after), at: clock() };
  const tell = (position: CommitPosition, message: TailMessage) => {
    told = { id: toTailId(position), at: clock() };
    return { id: told.id, message };
  };

  const tellSkipped = () => {
    const over = pace.takeSkipped(clock());
    return over === undefined ? [] : [tell(over.position, { skipped: over.skipped })];
  };

  if (lastEventId == null) yield tell(place.after, { skipped: 0 });
  for await (const { events, end } of followCommits(held.tail, filters, place, signal)) {
    await recheck(signal);
    assertAdmitted(ctx);
    yield* tellSkipped();
    for (const { position, event } of events) {
      yield* tellSkipped();
      if (pace.admits(position, clock())) yield tell(position, { event });
    }
    if (clock() - told.at >= PLACE_TOLD_MS && told.id !== toTailId(end)) yield tell(end, { skipped: 0 });
  }
}
