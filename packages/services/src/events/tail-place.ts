import { type CommitPosition, findCommitsEnd, findFirstCommit, type TenantTransaction } from '@tidemark/database';
import { DAY_MS } from '../calendar/days.ts';
import type { TailPlace } from '../live/tenant-tail.ts';
import { TidemarkError } from '../tidemark-error.ts';

/** How far back a stream may be resumed. */
export const RESUMABLE_MS = DAY_MS;

export function toTailId({ seq, index }: CommitPosition): string {
  return `${seq}:${index}`;
}

/** Where a tail begins: behind the id it names, or at the end of what is committed now (epoch ms). */
export async function findTailPlace(
  transaction: TenantTransaction,
  lastEventId: string | null | undefined,
  now: number,
): Promise<TailPlace> {
  const { position, head } = await findCommitsEnd(transaction);
  if (lastEventId == null) return { after: position, readTo: head };
  const [seq = 0, index = 0] = lastEventId.split(':').map(Number);
  if (seq > head) throw expired('names a commit that has not happened here', lastEventId);
  const first = await findFirstCommit(transaction);
  // With a commit kept at or before the place nothing behind it is gone; else the oldest tells how far back they go.
  const isGone = first !== undefined && first.seq > seq && first.committedAt < now - RESUMABLE_MS;
  if (isGone) throw expired('is more than 24 hours old', lastEventId);
  return { after: { seq, index }, readTo: seq - 1 };
}

function expired(why: string, lastEventId: string): TidemarkError {
  return new TidemarkError(
    'cursor_expired',
    `This lastEventId ${why}: leave it out to follow from now on, and read what came before with events.list.`,
    { field: 'lastEventId', lastEventId },
  );
}
