import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SMALLEST, toOverviewLayout } from '../src/overview/overview-layout.ts';

test('80x24 has air, a chart and several types', () => {
  expect(toOverviewLayout(80, 24, 9)).toMatchObject({ isRoomy: true, chartRows: 5, typeRows: 6 });
});

test('60x15 gives up the air', () => {
  expect(toOverviewLayout(60, 15, 9)).toMatchObject({ isRoomy: false, chartRows: 3, typeRows: 3 });
});

test('what few types leave goes to the chart', () => {
  expect(toOverviewLayout(80, 24, 2)).toMatchObject({ chartRows: 9, typeRows: 2 });
});

test('below the smallest size there is no layout', () => {
  expect(toOverviewLayout(59, 15, 3)).toBeUndefined();
  expect(toOverviewLayout(60, 14, 3)).toBeUndefined();
});

test('every size from the smallest up fits, with room for the chart', () => {
  const size = fc.record({
    columns: fc.integer({ min: SMALLEST.columns, max: 300 }),
    rows: fc.integer({ min: SMALLEST.rows, max: 100 }),
    types: fc.nat(50),
  });
  fc.assert(
    fc.property(size, ({ columns, rows, types }) => {
      const layout = toOverviewLayout(columns, rows, types);
      if (layout === undefined) throw new Error('no layout');
      const used = layout.chartRows + layout.typeRows + (layout.isRoomy ? 13 : 9);
      expect(used).toBeLessThanOrEqual(rows);
      expect(layout.chartRows).toBeGreaterThanOrEqual(2);
    }),
  );
});
