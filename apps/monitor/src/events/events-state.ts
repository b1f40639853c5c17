import type { Event } from '@tidemark/schemas';
import { CONNECTING, type Link, type LinkAction, reduceLink, toLive } from '../connection/link.ts';
import type { Missed } from '../format/format-return.ts';
import { HELD_EVENTS, type Past, type PastAction } from './past.ts';

/** Events are kept while they are followed, and no more than that: a monitor runs for days. */
export const KEPT_EVENTS = 500;

/**
 * Following, the newest event is the selected one; moving up, or pausing, holds the list still while events gather. Held,
 * it grows at its beginning by what is older, when somebody scrolls there:
 *
 *     following ──up · space──▶ held ──space · end──▶ following
 */
export type EventsState = {
  readonly link: Link;
  /** Oldest first. */
  readonly events: readonly Event[];
  /** Those that came while the list was held, with the same bound. */
  readonly waiting: readonly Event[];
  readonly isHeld: boolean;
  /** By its place in `events`. */
  readonly selected: number;
  readonly isDetailOpen: boolean;
  /** What the server left out, to show no more than it was asked to. */
  readonly skipped: number;
  /** What came while the connection was down, said for a while. */
  readonly missed: Missed | undefined;
  /** What comes up to this moment came while the connection was down. */
  readonly catchingUpUntil: number;
  readonly past: Past;
};

export type EventsAction =
  | { readonly type: 'listed'; readonly events: readonly Event[] }
  | { readonly type: 'confirmed'; readonly at: number }
  | { readonly type: 'arrived'; readonly events: readonly Event[]; readonly skipped: number; readonly at: number }
  | { readonly type: 'moved'; readonly by: number }
  | { readonly type: 'holdToggled' | 'followed' | 'detailToggled' | 'left' }
  | PastAction
  | LinkAction;

const MISSED_SHOWN_MS = 15_000;
/** A stream that is resumed begins with what was committed meanwhile; this is time enough to read and gather it. */
const CATCH_UP_MS = 1_500;

export const NO_EVENTS: EventsState = {
  link: CONNECTING,
  events: [],
  waiting: [],
  isHeld: false,
  selected: -1,
  isDetailOpen: false,
  skipped: 0,
  missed: undefined,
  catchingUpUntil: Number.NEGATIVE_INFINITY,
  past: { phase: 'there', cursor: undefined },
};

export function reduceEvents(state: EventsState, action: EventsAction): EventsState {
  switch (action.type) {
    case 'listed':
      return follow({ ...state, events: merge(action.events, state.events) });
    case 'confirmed':
      return hear(state, action.at);
    case 'arrived':
      return arrive(state, action);
    case 'moved':
      return move(state, action.by);
    case 'holdToggled':
      return state.isHeld ? follow(state) : { ...state, isHeld: true };
    case 'followed':
      return follow(state);
    case 'detailToggled':
      return { ...state, isDetailOpen: !state.isDetailOpen && state.selected >= 0, isHeld: true };
    case 'left':
      return state.isDetailOpen ? { ...state, isDetailOpen: false } : follow(state);
    case 'olderListed':
      return prepend(state, action);
    case 'olderFailed':
      return { ...state, past: { phase: 'failed', cursor: toCursor(state.past), why: action.why } };
    case 'dropped':
    case 'refused':
      return { ...state, link: reduceLink(state.link, action) };
  }
}

function arrive(state: EventsState, { events, skipped, at }: Extract<EventsAction, { type: 'arrived' }>): EventsState {
  const came = events.length + skipped;
  const heard = hear(state, at);
  const isLate = came > 0 && at <= heard.catchingUpUntil;
  const told = {
    ...heard,
    // A stream that says where it is has brought no event: what is quiet stays so.
    link: came > 0 ? toLive(at) : heard.link,
    skipped: state.skipped + skipped,
    missed: isLate ? { events: (heard.missed?.events ?? 0) + came, until: at + MISSED_SHOWN_MS } : heard.missed,
  };
  if (state.isHeld) return { ...told, waiting: merge(state.waiting, events) };
  return follow({ ...told, events: merge(state.events, events) });
}

/** The server has answered: after a drop it is back, and what was missed is about to come. */
function hear(state: EventsState, at: number): EventsState {
  if (state.link.phase === 'live') return state;
  if (state.link.phase !== 'reconnecting') return { ...state, link: toLive(at) };
  return { ...state, link: toLive(at), missed: undefined, catchingUpUntil: at + CATCH_UP_MS };
}

/** The newest is selected, and what waited is shown; what was read of the past is let go. */
function follow(state: EventsState): EventsState {
  const events = merge(state.events, state.waiting).slice(-KEPT_EVENTS);
  return {
    ...state,
    events,
    waiting: [],
    isHeld: false,
    isDetailOpen: false,
    selected: events.length - 1,
    past: NO_EVENTS.past,
  };
}

/** Older events before those that are held; the selected one stays selected. */
function prepend(state: EventsState, { events, cursor }: Extract<EventsAction, { type: 'olderListed' }>): EventsState {
  // A page that comes when the list is followed again has nowhere to go.
  if (!state.isHeld) return state;
  const known = new Set(state.events.map(toIdentity));
  const older = events.filter((event) => !known.has(toIdentity(event)));
  const all = [...older, ...state.events].slice(-HELD_EVENTS);
  return {
    ...state,
    events: all,
    selected: state.selected + all.length - state.events.length,
    past: cursor === null ? { phase: 'none' } : { phase: 'there', cursor },
  };
}

function toCursor(past: Past): string | undefined {
  return past.phase === 'none' ? undefined : past.cursor;
}

function move(state: EventsState, by: number): EventsState {
  const selected = Math.max(0, Math.min(state.events.length - 1, state.selected + by));
  if (state.events.length === 0) return state;
  // What failed is tried again by whoever still wants it.
  const past = state.past.phase === 'failed' ? { phase: 'there' as const, cursor: state.past.cursor } : state.past;
  return { ...state, isHeld: true, selected, past };
}

/** What a list and a stream both hold comes once. */
function merge(older: readonly Event[], newer: readonly Event[]): readonly Event[] {
  if (newer.length === 0) return older;
  const known = new Set(newer.map(toIdentity));
  return [...older.filter((event) => !known.has(toIdentity(event))), ...newer].slice(-KEPT_EVENTS);
}

function toIdentity({ id, occurredAt }: Event): string {
  return `${id}@${occurredAt}`;
}
