import { expect, test } from 'vitest';
import { matches } from '../src/lib/ui/matches.ts';

test.each(['kath', 'asia kat', 'KATHMANDU', 'utc+05:45', ''])('"%s" finds Kathmandu', (search) => {
  expect(matches(search, ['Asia/Kathmandu', 'UTC+05:45'])).toBe(1);
});

test.each(['mandu', 'kath x', 'europe'])('"%s" does not', (search) => {
  expect(matches(search, ['Asia/Kathmandu', 'UTC+05:45'])).toBe(0);
});
