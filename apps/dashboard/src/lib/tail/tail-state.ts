import type { Event, TailMessage } from '@tidemark/schemas';

/** Enough to scroll back in; a page that stays open for days holds no more. */
export const KEPT_EVENTS = 500;

/** How many events there were, and how many of them the server sent. */
export type TailCounts = { readonly all: number; readonly shown: number };

const NONE: TailCounts = { all: 0, shown: 0 };

/**
 * Following, events appear as they come; held, the list stands still while they gather:
 *
 *     following ──pause · open · scroll──▶ held ──resume──▶ following
 */
export type TailState = {
  /** What the log held before the tail began, newest first. */
  readonly listed: readonly Event[];
  /** What came since, the newest first. */
  readonly events: readonly Event[];
  /** What the server sent while the list was held, newest first, with the same bound. */
  readonly waiting: readonly Event[];
  readonly isHeld: boolean;
  /** Of all that came since the list was held. */
  readonly held: TailCounts;
  /** Of all that came since the tail was opened. */
  readonly total: TailCounts;
  /** The connection is away, or was until now. */
  readonly isAway: boolean;
  /** What came after the connection was back, until it had caught up. */
  readonly meanwhile: { readonly since: number; readonly all: number; readonly isOver: boolean } | undefined;
  /** The least time from an event's receipt to its arrival here, on two clocks; undefined before the first. */
  readonly leastLagMs: number | undefined;
};

export function toTailState(listed: readonly Event[]): TailState {
  return {
    listed,
    events: [],
    waiting: [],
    isHeld: false,
    held: NONE,
    total: NONE,
    isAway: false,
    meanwhile: undefined,
    leastLagMs: undefined,
  };
}

/** The server tells what it left out once a second: before that a catch-up is not known to be whole. */
const CATCH_UP_MS = 1_500;
/** An event that is no later than the quickest one by more than this is a new one. */
const NEW_WITHIN_MS = 2_000;

/** What the stream brought until now (epoch ms), the oldest first. */
export function arrive(state: TailState, messages: readonly TailMessage[], now: number): TailState {
  const events = messages.flatMap((message) => ('event' in message ? [message.event] : [])).toReversed();
  const skipped = messages.reduce((sum, message) => sum + ('skipped' in message ? message.skipped : 0), 0);
  const came: TailCounts = { all: events.length + skipped, shown: events.length };
  const lags = events.map(({ receivedAt }) => now - Date.parse(receivedAt));
  const lagMs = Math.min(...lags, Number.POSITIVE_INFINITY);
  const before = state.isAway ? { since: now, all: 0, isOver: false } : state.meanwhile;
  const next: TailState = {
    ...state,
    total: add(state.total, came),
    isAway: false,
    meanwhile: before && catchUp(before, { came, lagMs, leastLagMs: state.leastLagMs, now }),
    leastLagMs: events.length === 0 ? state.leastLagMs : Math.min(lagMs, state.leastLagMs ?? lagMs),
  };
  if (state.isHeld) return { ...next, held: add(state.held, came), waiting: merge(events, state.waiting) };
  return { ...next, events: merge(events, state.events) };
}

type Arrival = {
  readonly came: TailCounts;
  readonly lagMs: number;
  readonly leastLagMs: number | undefined;
  readonly now: number;
};

function catchUp(meanwhile: NonNullable<TailState['meanwhile']>, { came, lagMs, leastLagMs, now }: Arrival) {
  if (meanwhile.isOver) return meanwhile;
  const isNew = lagMs <= (leastLagMs ?? lagMs) + NEW_WITHIN_MS;
  if (now - meanwhile.since >= CATCH_UP_MS && isNew) return { ...meanwhile, isOver: true };
  return { ...meanwhile, all: meanwhile.all + came.all };
}

/** The rows of the tail, newest first. */
export function toRows({ events, listed }: TailState): readonly Event[] {
  return merge(events, listed);
}

export function hold(state: TailState): TailState {
  return state.isHeld ? state : { ...state, isHeld: true, held: NONE };
}

/** Goes on, with what waited. */
export function resume(state: TailState): TailState {
  return { ...state, isHeld: false, held: NONE, waiting: [], events: merge(state.waiting, state.events) };
}

export function lose(state: TailState): TailState {
  return state.isAway ? state : { ...state, isAway: true, meanwhile: undefined };
}

/** Long enough to be read by whoever looks up. */
const MEANWHILE_TOLD_MS = 15_000;

/** Lets go of what was told for a while (epoch ms). */
export function forget(state: TailState, now: number): TailState {
  const { meanwhile } = state;
  return meanwhile && now - meanwhile.since >= MEANWHILE_TOLD_MS ? { ...state, meanwhile: undefined } : state;
}

/** Tells events apart. */
export const toIdentity = ({ id, occurredAt }: Pick<Event, 'id' | 'occurredAt'>): string => `${id}@${occurredAt}`;

const add = (one: TailCounts, other: TailCounts): TailCounts => ({
  all: one.all + other.all,
  shown: one.shown + other.shown,
});

/** What a list and a stream both hold comes once. */
function merge(newer: readonly Event[], older: readonly Event[]): readonly Event[] {
  if (newer.length === 0) return older;
  const known = new Set(newer.map(toIdentity));
  return [...newer, ...older.filter((event) => !known.has(toIdentity(event)))].slice(0, KEPT_EVENTS);
}
