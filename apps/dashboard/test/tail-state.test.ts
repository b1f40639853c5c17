import type { Event, TailMessage } from '@tidemark/schemas';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  arrive,
  forget,
  hold,
  KEPT_EVENTS,
  lose,
  resume,
  type TailState,
  toIdentity,
  toRows,
  toTailState,
} from '../src/lib/tail/tail-state.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

function eventFixture(number: number, receivedAt = NOW): Event {
  return {
    id: `01a20600-0000-7000-8000-${String(number).padStart(12, '0')}`,
    type: 'page_view',
    occurredAt: new Date(NOW).toISOString(),
    receivedAt: new Date(receivedAt).toISOString(),
    userId: null,
    sessionId: null,
    device: null,
    properties: { number },
  };
}

const numbers = (events: readonly Event[]) => events.map(({ properties }) => properties.number);
const messages = (...ids: number[]): TailMessage[] => ids.map((id) => ({ event: eventFixture(id) }));

describe('the state of a tail', () => {
  test('what comes stands on top, the newest first, and what the list holds as well comes once', () => {
    const state = arrive(toTailState([eventFixture(2), eventFixture(1)]), messages(2, 3, 4), NOW);
    expect(numbers(toRows(state))).toEqual([4, 3, 2, 1]);
  });

  test('held, the rows stand still and the others are counted, those not shown as well; then all of them appear', () => {
    let state = hold(arrive(toTailState([]), messages(1), NOW));
    state = arrive(state, [...messages(2, 3), { skipped: 40 }], NOW);
    expect(numbers(toRows(state))).toEqual([1]);
    expect(state.held).toEqual({ all: 42, shown: 2 });
    state = resume(state);
    expect(numbers(toRows(state))).toEqual([3, 2, 1]);
    expect(state.total).toEqual({ all: 43, shown: 3 });
  });

  test('back again, everything counts as come meanwhile until the stream has caught up', () => {
    const away = lose(arrive(toTailState([]), messages(1), NOW + 20));
    const back = NOW + 60_000;
    const late = { event: eventFixture(2, NOW + 1_000) };
    let state = arrive(away, [late], back);
    expect(state.meanwhile).toMatchObject({ all: 1, isOver: false });
    state = arrive(state, [{ skipped: 5_000 }], back + 1_000);
    // After a while what is still old has come meanwhile; the first that is as quick as before has not.
    state = arrive(state, [{ event: eventFixture(3, NOW + 30_000) }], back + 3_000);
    expect(state.meanwhile).toMatchObject({ all: 5_002, isOver: false });
    state = arrive(state, [{ event: eventFixture(4, back + 3_380) }], back + 3_400);
    expect(state.meanwhile).toMatchObject({ all: 5_002, isOver: true });
    expect(forget(state, back + 14_999).meanwhile).toBeDefined();
    expect(forget(state, back + 15_000).meanwhile).toBeUndefined();
  });

  test('whatever happens, no more is kept than there is room for, nothing twice, and every event is counted', () => {
    const step = fc.oneof(
      fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 400 }).map((ids) => ({ ids, skipped: 0 })),
      fc.nat(5_000).map((skipped) => ({ ids: [], skipped })),
      fc.constantFrom(hold, resume, lose),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let state: TailState = toTailState([eventFixture(5_000)]);
        let all = 0;
        for (const one of steps) {
          if (typeof one === 'function') state = one(state);
          else {
            state = arrive(state, [...messages(...new Set(one.ids)), { skipped: one.skipped }], NOW);
            all += new Set(one.ids).size + one.skipped;
          }
          const rows = toRows(state);
          expect(rows.length).toBeLessThanOrEqual(KEPT_EVENTS);
          expect(state.waiting.length).toBeLessThanOrEqual(KEPT_EVENTS);
          expect(new Set(rows.map(toIdentity)).size).toBe(rows.length);
          expect(state.total.all).toBe(all);
        }
      }),
      { numRuns: 50 },
    );
  });
});
