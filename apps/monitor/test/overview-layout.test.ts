import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toOverviewLayout } from '../src/overview/overview-layout.ts';
import { type Room, SMALLEST, toRoom } from '../src/widgets/room.ts';

function roomFixture(columns: number, rows: number): Room {
  const room = toRoom(columns, rows);
  if (room === undefined) throw new Error('no room');
  return room;
}

test('80x24 has air, a chart and several types', () => {
  expect(toOverviewLayout(roomFixture(80, 24), 9)).toEqual({ chartRows: 5, typeRows: 6 });
});

test('60x15 gives up the air', () => {
  expect(toOverviewLayout(roomFixture(60, 15), 9)).toEqual({ chartRows: 3, typeRows: 3 });
});

test('what few types leave goes to the chart', () => {
  expect(toOverviewLayout(roomFixture(80, 24), 2)).toEqual({ chartRows: 9, typeRows: 2 });
});

test('below the smallest size there is no layout', () => {
  expect(toRoom(59, 15)).toBeUndefined();
  expect(toRoom(60, 14)).toBeUndefined();
});

test('every size from the smallest up fits, with room for the chart', () => {
  const size = fc.record({
    columns: fc.integer({ min: SMALLEST.columns, max: 300 }),
    rows: fc.integer({ min: SMALLEST.rows, max: 100 }),
    types: fc.nat(50),
  });
  fc.assert(
    fc.property(size, ({ columns, rows, types }) => {
      const room = roomFixture(columns, rows);
      const layout = toOverviewLayout(room, types);
      const used = layout.chartRows + layout.typeRows + (room.isRoomy ? 13 : 9);
      expect(used).toBeLessThanOrEqual(rows);
      expect(layout.chartRows).toBeGreaterThanOrEqual(2);
    }),
  );
});
