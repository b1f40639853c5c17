import { type Tidemark, toTidemarkError } from '@tidemark/client';
import type { EventPage, ListEventsInput } from '@tidemark/schemas';

/** Older than any event can be. */
const BEGINNING = '2000-01-01T00:00:00.000Z';

type Question = Omit<ListEventsInput, 'from' | 'to' | 'last' | 'cursor'>;

/** The events before `to`; where retention took the first of them, those that are left. */
export async function listOlder(
  { events }: Tidemark,
  { to, ...question }: Question & { readonly to: string },
  signal: AbortSignal,
): Promise<EventPage> {
  const listFrom = (from: string) => events.list.query({ ...question, from, to }, { signal });
  try {
    return await listFrom(BEGINNING);
  } catch (error) {
    const { code, evidence } = toTidemarkError(error);
    const { rawFrom } = evidence;
    if (code !== 'beyond_retention' || typeof rawFrom !== 'string') throw error;
    return rawFrom < to ? await listFrom(rawFrom) : { items: [], nextCursor: null };
  }
}
