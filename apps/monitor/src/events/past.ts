import type { Event } from '@tidemark/schemas';
import type { Failure } from '../connection/failure.ts';
import type { EventsState } from './events-state.ts';

/** Older events are asked for before the first one is reached. */
const NEAR_TOP = 20;
/** How far one can scroll back while the list is held. An event is at most 16 KiB, most are a hundredth of that. */
export const HELD_EVENTS = 5_000;

/** What is known of the events before those that are kept. */
export type Past =
  /** Where the next page begins; undefined: before the oldest event that is kept. */
  | { readonly phase: 'there'; readonly cursor: string | undefined }
  | { readonly phase: 'failed'; readonly cursor: string | undefined; readonly why: Failure }
  | { readonly phase: 'none' };

export type PastAction =
  | { readonly type: 'olderListed'; readonly events: readonly Event[]; readonly cursor: string | null }
  | { readonly type: 'olderFailed'; readonly why: Failure };

/** Whether somebody is looking at the oldest events that are kept. */
export function isNearTop({ isHeld, selected, events }: EventsState): boolean {
  return isHeld && events.length > 0 && selected < NEAR_TOP;
}
