import type { Breakdown } from '@tidemark/schemas';
import { expect, test } from 'vitest';
import {
  type BreakdownAction,
  drillInto,
  drillOut,
  reduceBreakdown,
  toBreakdownState,
  toPropertyPaths,
} from '../src/breakdown/breakdown-state.ts';
import { BreakdownView } from '../src/breakdown/breakdown-view.tsx';
import { frameOf } from './frame-of.tsx';
import { placeFixture } from './place-fixture.ts';
import { summaryFixture } from './summary-fixture.ts';

function breakdownFixture(keys: readonly (string | null)[], beyond = 0): Breakdown {
  const rows = keys.map((key, index) => ({ key, events: 100 - index, users: 7, share: 0.1 }));
  return { rows, other: { events: beyond, users: beyond, keys: beyond }, meta: summaryFixture().meta };
}

function answered(answer: Breakdown): BreakdownAction {
  return { type: 'answered', by: 'type', answer, at: 1_000 };
}

const stateAfter = (...actions: readonly BreakdownAction[]) =>
  actions.reduce(reduceBreakdown, toBreakdownState('type'));

test('arrows step through what events have, and an answer to another question comes too late', () => {
  const paths = toPropertyPaths([
    { plan: 'pro', cart: { total: 1, items: [1] } },
    { plan: 'free', 'a.b': 1 },
  ]);
  expect(paths).toEqual(['cart.total', 'plan']);
  const seen = { type: 'propertiesSeen', paths } as const;
  const step = { type: 'dimensionStepped', by: 1 } as const;
  expect(stateAfter(seen, step, step, step).by).toBe('property:cart.total');
  expect(stateAfter(seen, { ...step, by: -1 }).by).toBe('property:plan');
  expect(stateAfter(seen, step, answered(breakdownFixture(['view']))).answer).toBeUndefined();
});

test('the selected row stays within what there is', () => {
  const state = stateAfter(answered(breakdownFixture(['a', 'b', 'c'])), { type: 'moved', by: 10 });
  expect(state.selected).toBe(2);
  expect(reduceBreakdown(state, answered(breakdownFixture(['a']))).selected).toBe(0);
  expect(stateAfter({ type: 'moved', by: 1 }).selected).toBe(0);
});

test('drilling in adds a filter, and out takes the last one away', () => {
  const row = (key: string | null) => ({ key, events: 1, users: 1, share: 1 });
  const types = drillInto({}, 'type', row('view'));
  expect(types).toEqual({ types: ['view'] });
  const device = drillInto(types ?? {}, 'device', row(null));
  expect(device).toEqual({ types: ['view'], devices: [null] });
  const paid = drillInto(device ?? {}, 'property:paid', row('true'));
  expect(paid?.properties).toEqual([{ path: 'paid', in: ['true', true] }]);
  expect(drillInto({}, 'property:total', row('12.5'))?.properties).toEqual([{ path: 'total', in: ['12.5', 12.5] }]);
  expect(drillInto({}, 'property:plan', row(null))?.properties).toEqual([{ path: 'plan', in: [null] }]);
  expect(drillInto({}, 'user', row(null))).toBeUndefined();
  expect(drillOut(paid ?? {})).toEqual(device);
  expect(drillOut(device ?? {})).toEqual(types);
  expect(drillOut(types ?? {})).toEqual({});
});

test.each([
  [80, 24],
  [60, 15],
  [200, 50],
])('%sx%s: ranked, with bars, the selected row marked, and what is beyond', (columns, rows) => {
  const keys = ['page_view', null, 'ü'.repeat(90), ...Array.from({ length: 60 }, (_, index) => `type ${index}`)];
  const state = stateAfter(answered(breakdownFixture(keys, 5)), { type: 'moved', by: 1 });
  const place = placeFixture({ type: 'viewChosen', view: 'breakdown' });
  const frame = frameOf(<BreakdownView place={place} state={state} now={1_000} columns={columns} rows={rows} />);
  expect(frame).toHaveLength(rows);
  for (const line of frame) expect(line.length).toBeLessThanOrEqual(columns);
  const text = frame.join('\n');
  expect(text).toMatch(/^ {2}type {2}device {2}user$/m);
  expect(text).toMatch(/^ page_view +━+╸? +100 +10\.0% +7$/m);
  expect(text).toMatch(/^▸\(none\) +━+╸? +99 /m);
  expect(text).toMatch(/^\d+ more · ←→ dimension/m);
});
