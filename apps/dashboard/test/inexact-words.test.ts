import type { Meta } from '@tidemark/schemas';
import { describe, expect, test } from 'vitest';
import { toInexactWords } from '../src/lib/overview/inexact-words.ts';
import { summaryFixture } from './fixtures/summary-fixture.ts';

const { meta } = summaryFixture();
const stale: Meta = { ...meta, exact: false, cache: { ...meta.cache, status: 'stale' } };
const words = (one: Meta) => Object.values(toInexactWords(one) ?? {}).join(' ');

describe('what an answer says that is less than was asked for', () => {
  test('an exact one says nothing', () => {
    expect(toInexactWords(meta)).toBeUndefined();
  });

  test('an earlier one says how it stood when', () => {
    expect(words(stale)).toBe(
      'These are earlier numbers. They stood at Nov 22, 2026, 12:30:00; what came since is missing, and follows by itself.',
    );
    const degraded = { reason: 'outage', level: 1, requested: 'a/b', served: 'c/d' } as const;
    expect(words({ ...stale, degraded })).toMatch(/^The database is away: these are the last numbers. They stood at/);
  });

  test('a coarser one says which buckets it has, and that they are exact', () => {
    const degraded = { reason: 'load', level: 2, requested: 'minute', served: 'hour' } as const;
    expect(words({ ...meta, exact: false, degraded })).toContain(
      'Shown by the hour, not by the minute. What is shown is',
    );
    expect(words({ ...stale, degraded: { ...degraded, requested: 'hour' } })).not.toContain('Shown by');
    const range = '2026-11-22T10:00:00.000Z/2026-11-23T10:00:00.000Z';
    expect(words({ ...stale, degraded: { ...degraded, requested: range } })).not.toContain('Shown by');
  });
});
