import { expect, test } from 'vitest';
import { toCsv } from '../../src/cli/output/to-csv.ts';
import { toSparkline } from '../../src/cli/output/to-sparkline.ts';
import { toTable } from '../../src/cli/output/to-table.ts';
import { toPropertyFilters } from '../../src/cli/question-options.ts';

const TABLE = {
  columns: ['type', 'events'],
  rows: [
    ['日本', 1_234],
    ['\u001b[2J,"x"', null],
    ['=1+1', 0.5],
  ],
};

test('a table is aligned by what the eye sees, and harmless', () => {
  expect(toTable(TABLE)).toBe('type      events\n日本       1,234\n·[2J,"x"       –\n=1+1       0.500\n');
});

test('a CSV keeps numbers plain, quotes what it must and guards formulas', () => {
  expect(toCsv(TABLE)).toBe('type,events\r\n日本,1234\r\n"\u001b[2J,""x""",\r\n\'=1+1,0.5\r\n');
});

test('a sparkline tells nothing from little', () => {
  expect(toSparkline([0, 1, 50, 100])).toBe('▁▂▅█');
  expect(toSparkline([0, 0])).toBe('▁▁');
  expect(toSparkline([])).toBe('');
});

test('conditions on properties: values of one are alternatives, and typed as JSON is', () => {
  expect(toPropertyFilters(['plan=pro', 'plan="12"', 'cart.total=12', 'a=b=c', 'gift=true', 'at=2026-11-01'])).toEqual([
    { path: 'plan', in: ['pro', '12'] },
    { path: 'cart.total', in: [12] },
    { path: 'a', in: ['b=c'] },
    { path: 'gift', in: [true] },
    { path: 'at', in: ['2026-11-01'] },
  ]);
  expect(() => toPropertyFilters(['plan'])).toThrow('--where plan must look like plan=pro.');
});
