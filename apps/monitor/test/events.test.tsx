import type { Event } from '@tidemark/schemas';
import { expect, test } from 'vitest';
import { toEventsAction } from '../src/events/events-input.ts';
import { type EventsAction, KEPT_EVENTS, NO_EVENTS, reduceEvents } from '../src/events/events-state.ts';
import { EventsView } from '../src/events/events-view.tsx';
import { HELD_EVENTS } from '../src/events/past.ts';
import { frameOf } from './frame-of.tsx';
import { NO_SERVER, placeFixture } from './place-fixture.ts';

/** Events a second apart, numbered in their users' names. */
function eventsFixture(from: number, to: number, unusual: Partial<Event> = {}): Event[] {
  return Array.from({ length: to - from }, (_, index) => {
    const occurredAt = new Date(Date.parse('2026-11-22T10:00:00.000Z') + (from + index) * 1_000).toISOString();
    return {
      id: `00000000-0000-4000-8000-${String(100_000 + from + index).padStart(12, '0')}`,
      type: 'view',
      occurredAt,
      receivedAt: occurredAt,
      userId: `user ${from + index}`,
      sessionId: null,
      device: 'mobile' as const,
      properties: { path: '/docs', nested: { list: [1, 2] } },
      ...unusual,
    };
  });
}

function arrived(from: number, to: number, unusual: Partial<EventsAction> = {}): EventsAction {
  return { type: 'arrived', events: eventsFixture(from, to), skipped: 0, at: 1_000, ...unusual } as EventsAction;
}

const stateAfter = (...actions: readonly EventsAction[]) => actions.reduce(reduceEvents, NO_EVENTS);

function framesOf(actions: readonly EventsAction[], { columns = 80, rows = 24, now = 1_000 } = {}): string[] {
  const view = placeFixture({ type: 'viewChosen', view: 'events' });
  return frameOf(<EventsView place={view} state={stateAfter(...actions)} now={now} columns={columns} rows={rows} />);
}

test('what was listed and what arrives is one list, each once, and bounded', () => {
  const listed = { type: 'listed', events: eventsFixture(0, 10) } as const;
  expect(stateAfter(arrived(8, 12), listed).events.map(({ userId }) => userId)).toEqual(
    eventsFixture(0, 12).map(({ userId }) => userId),
  );
  const many = stateAfter(arrived(0, 400), arrived(400, 1_000));
  expect(many.events).toHaveLength(KEPT_EVENTS);
  expect(many.selected).toBe(KEPT_EVENTS - 1);
});

test('held, the list stands still while others gather; going on shows them', () => {
  const held = stateAfter(arrived(0, 5), { type: 'moved', by: -2 }, arrived(5, 9));
  expect(held).toMatchObject({ isHeld: true, selected: 2 });
  expect([held.events.length, held.waiting.length]).toEqual([5, 4]);
  const followed = reduceEvents(held, { type: 'holdToggled' });
  expect(followed).toMatchObject({ isHeld: false, selected: 8, waiting: [] });
});

test('what gathers while the list is held is bounded too', () => {
  expect(stateAfter({ type: 'holdToggled' }, arrived(0, 400), arrived(400, 1_000)).waiting).toHaveLength(KEPT_EVENTS);
});

/** A page of older events, `from` and `to` counted back from the first that is kept. */
function older(from: number, to: number, cursor: string | null): EventsAction {
  return { type: 'olderListed', events: eventsFixture(from, to), cursor };
}

test('held, older events are put before the others, each once, and the selected one stays', () => {
  const held = stateAfter(arrived(250, 260), { type: 'moved', by: -4 });
  const back = reduceEvents(held, older(0, 252, 'next'));
  expect(back.events).toEqual(eventsFixture(0, 260));
  expect(back.events[back.selected]?.userId).toBe('user 255');
  expect(back.past).toEqual({ phase: 'there', cursor: 'next' });
  expect(reduceEvents(back, older(-5, 0, null)).past).toEqual({ phase: 'none' });
});

test('scrolling back is bounded, and following lets go of it', () => {
  const held = stateAfter(arrived(0, 10), { type: 'holdToggled' }, older(-HELD_EVENTS, 0, 'next'));
  expect(held.events).toHaveLength(HELD_EVENTS);
  expect(held.events.at(-1)?.userId).toBe('user 9');
  const followed = reduceEvents(held, { type: 'followed' });
  expect(followed.events).toEqual(eventsFixture(10 - KEPT_EVENTS, 10));
  expect(followed.past).toEqual({ phase: 'there', cursor: undefined });
  expect(reduceEvents(followed, older(-9_000, -8_990, 'next'))).toBe(followed);
});

test('what failed is said, and tried again by whoever goes on scrolling', () => {
  const read = [arrived(0, 10), { type: 'moved', by: -1 }, older(-5, 0, 'next')] as const;
  const failed = stateAfter(...read, { type: 'olderFailed', why: NO_SERVER });
  expect(failed.past).toEqual({ phase: 'failed', cursor: 'next', why: NO_SERVER });
  expect(reduceEvents(failed, { type: 'moved', by: -1 }).past).toEqual({ phase: 'there', cursor: 'next' });
});

test('back again, it says how many it had missed; what was skipped is added up', () => {
  const state = stateAfter(
    arrived(0, 2),
    { type: 'dropped', why: NO_SERVER },
    arrived(2, 5, { skipped: 7, at: 9_000 }),
  );
  expect(state).toMatchObject({ missed: { events: 10, until: 24_000 }, skipped: 7, link: { phase: 'live' } });
});

test('back again where nothing was missed, it is live and says nothing of it', () => {
  const back = stateAfter(arrived(0, 2), { type: 'dropped', why: NO_SERVER }, { type: 'confirmed', at: 9_000 });
  expect(back).toMatchObject({ missed: undefined, link: { phase: 'live', heardAt: 9_000 } });
  expect(reduceEvents(back, arrived(2, 3, { at: 60_000 })).missed).toBeUndefined();
});

test('what was missed is counted together, whichever of it and the answer comes first', () => {
  const away = [arrived(0, 2), { type: 'dropped', why: NO_SERVER }] as const;
  const [answer, page, more] = [
    { type: 'confirmed', at: 9_000 } as const,
    arrived(2, 5, { at: 9_100 }),
    arrived(5, 9, { at: 9_500 }),
  ];
  for (const order of [
    [answer, page, more],
    [page, answer, more],
  ])
    expect(stateAfter(...away, ...order).missed).toEqual({ events: 7, until: 24_500 });
  const again = stateAfter(...away, answer, page, away[1], { type: 'confirmed', at: 30_000 });
  expect(again.missed).toBeUndefined();
});

test('a quiet tail is live and says since when; a lost one is not', () => {
  expect(framesOf([arrived(0, 1)], { now: 9_000 })[0]).toMatch(/ ● live$/);
  const quiet = [arrived(0, 1), arrived(1, 1, { at: 39_000 })];
  expect(framesOf(quiet, { now: 41_000 })[0]).toMatch(/ ● live, no event for 40 s$/);
  expect(framesOf(quiet, { now: 41_000, columns: 60, rows: 15 })[0]).toMatch(/^Tidemark .* ● live, no event for 40 s$/);
  const lost = [...quiet, { type: 'dropped', why: NO_SERVER } as const];
  expect(framesOf(lost, { now: 41_000 })[0]).toMatch(/ ○ reconnecting… last data 40 s ago$/);
});

test('escape closes the detail first, then goes on', () => {
  const detail = stateAfter(arrived(0, 3), { type: 'detailToggled' });
  expect(detail).toMatchObject({ isDetailOpen: true, isHeld: true });
  const closed = reduceEvents(detail, { type: 'left' });
  expect(closed).toMatchObject({ isDetailOpen: false, isHeld: true });
  expect(reduceEvents(closed, { type: 'left' }).isHeld).toBe(false);
  expect(stateAfter({ type: 'detailToggled' }).isDetailOpen).toBe(false);
});

const NO_KEY = {
  upArrow: false,
  downArrow: false,
  pageUp: false,
  pageDown: false,
  home: false,
  end: false,
  return: false,
  escape: false,
};

test.each([
  [' ', {}, { type: 'holdToggled' }],
  ['', { upArrow: true }, { type: 'moved', by: -1 }],
  ['', { pageDown: true }, { type: 'moved', by: 10 }],
  ['G', {}, { type: 'followed' }],
  ['', { return: true }, { type: 'detailToggled' }],
  ['x', {}, undefined],
])('key %j %o', (input, key, action) => {
  expect(toEventsAction(input, { ...NO_KEY, ...key }, 10)).toEqual(action);
});

test.each([
  [80, 24],
  [60, 15],
  [200, 50],
])('%sx%s: the newest at the end, in the tenant’s time, with what the server left out', (columns, rows) => {
  const frame = framesOf([arrived(0, 60, { skipped: 1_234 })], { columns, rows });
  expect(frame).toHaveLength(rows);
  for (const line of frame) expect(line.length).toBeLessThanOrEqual(columns);
  expect(frame.at(-3)).toMatch(/^11:00:59 {2}view +user 59 +mobile +\{"path"/);
  expect(frame.at(-2)).toMatch(/^at most 20 a second, 1,234 not shown · 60 kept · /);
});

test('held, it says how many more came', () => {
  const frame = framesOf([arrived(0, 5), { type: 'holdToggled' }, arrived(5, 9)]);
  expect(frame.at(-2)).toMatch(/^held: 4 more came · reading older ones… · space goes on/);
  expect(frame.join('\n')).not.toContain('user 7');
});

test.each([
  [80, 24],
  [60, 15],
])('%sx%s: an event in detail, cut where it does not fit, and harmless', (columns, rows) => {
  const properties = { evil: '\u001b[2J', list: Array.from({ length: 40 }, (_, index) => index) };
  const one = { type: 'arrived', events: eventsFixture(0, 1, { properties }), skipped: 0, at: 1_000 } as const;
  const frame = framesOf([one, { type: 'detailToggled' }], { columns, rows });
  expect(frame).toHaveLength(rows);
  for (const line of frame) expect(line.length).toBeLessThanOrEqual(columns);
  const text = frame.join('\n');
  expect(text).toMatch(/^occurred at +2026-11-22T10:00:00\.000Z {2}\(22 Nov 2026/m);
  expect(text).toMatch(/… \d+ more lines/);
  expect(text).not.toContain('\u001b');
});

test('without events it says so', () => {
  expect(framesOf([]).join('\n')).toContain('Waiting for the first answer…');
  expect(framesOf([arrived(0, 0)]).join('\n')).toContain('No events yet.');
});
