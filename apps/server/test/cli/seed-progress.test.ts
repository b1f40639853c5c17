import { expect, test } from 'vitest';
import { endSeedProgress, showSeedProgress } from '../../src/cli/seed-progress.ts';

const CLEAR = '\r\u001B[2K';

/** What is written of a run that is seen twice, and ends. */
function seedOnto(isTTY: boolean): string[] {
  const written: string[] = [];
  const screen = { isTTY, write: (text: string) => written.push(text) };
  showSeedProgress(screen, { done: 0, total: 90_000, perSecond: 0, seed: 'demo' });
  showSeedProgress(screen, { done: 29_999, total: 90_000, perSecond: 12_000, seed: 'demo' });
  endSeedProgress(screen);
  return written;
}

test('a terminal sees how far a run is, how fast and how long it has left, in one line that goes at the end', () => {
  expect(seedOnto(true)).toEqual([
    `${CLEAR}0 % · 0 events · 0 events/s`,
    `${CLEAR}33 % · 29,999 events · 12,000 events/s · 5.0 s left`,
    CLEAR,
  ]);
});

test('a file sees nothing of it', () => {
  expect(seedOnto(false)).toEqual([]);
});
