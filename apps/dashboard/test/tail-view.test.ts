import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTailView, SPEEDS, toTailHref } from '../src/lib/tail/tail-view.ts';
import { anyConditions } from './fixtures/any-conditions.ts';

describe('the view of a tail in a URL', () => {
  test('what is written is read', () => {
    const view = fc.record({
      timeZone: fc.constantFrom(undefined, 'Asia/Kathmandu'),
      conditions: anyConditions,
      speed: fc.constantFrom(...SPEEDS),
    });
    fc.assert(
      fc.property(view, (one) => {
        const url = new URL(toTailHref(one, 'acme'), 'http://here');
        expect(parseTailView(url.searchParams)).toEqual(one);
        expect(url.searchParams.get('tenant')).toBe('acme');
      }),
    );
  });

  test('a speed that is none is the usual one', () => {
    expect(parseTailView(new URLSearchParams('speed=1000000')).speed).toBe(20);
    expect(toTailHref(parseTailView(new URLSearchParams()), undefined)).toBe('/live');
  });
});
