import { DASHBOARD_ADDRESSES } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { toFilters } from '../src/lib/filters/condition.ts';
import { parseView } from '../src/lib/overview/view.ts';
import { parseTailView } from '../src/lib/tail/tail-view.ts';

test.for(DASHBOARD_ADDRESSES)('$address shows what the monitor does', ({ shows, address }) => {
  const { pathname, searchParams } = new URL(address, 'http://here');
  const view = parseView(searchParams);
  if (pathname === '/live') expect(toFilters(parseTailView(searchParams).conditions)).toEqual(shows.filters);
  if (pathname !== '/') return;
  expect(toFilters(view.conditions)).toEqual(shows.filters);
  expect(view).toMatchObject({ range: shows.range, interval: shows.interval });
  if (shows.view !== 'breakdown' || shows.by === 'user') return;
  // Each has a panel: types and devices by themselves, a property by its name.
  expect(view.property === undefined ? view.groupBy : `property:${view.property}`).toBe(shows.by);
});
