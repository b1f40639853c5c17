import { toTidemarkError } from '@tidemark/client';
import type { LastRange } from '@tidemark/schemas';
import { toNearest } from '../overview/refusal.ts';
import type { CustomRange, ViewRange } from '../overview/view.ts';

const WIDEST = '90d' satisfies LastRange;

/** How a range is asked for, and whether anything is in it. */
type HasEvents = (range: typeof WIDEST | CustomRange) => Promise<boolean>;

/**
 * Where somebody who looks at an empty range finds what they look for: the widest range, or as much of it as is kept.
 * Undefined: there is nothing either, or it cannot be told.
 */
export async function findWider(shown: ViewRange, hasEvents: HasEvents): Promise<ViewRange | undefined> {
  if (shown === WIDEST) return undefined;
  try {
    return (await hasEvents(WIDEST)) ? WIDEST : undefined;
  } catch (error) {
    const kept = toNearest(toTidemarkError(error));
    return kept && (await hasEvents(kept).catch(() => false)) ? kept : undefined;
  }
}
