import { afterEach, expect, test, vi } from 'vitest';
import { everySecond } from '../src/place/every-second.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('all are told on the same full second, whenever they began, until they leave', () => {
  vi.useFakeTimers({ now: 10_300 });
  const told: number[] = [];
  const tell = () => told.push(Date.now());
  const stop = everySecond(tell);
  vi.advanceTimersByTime(500);
  const stopOther = everySecond(tell);
  vi.advanceTimersByTime(1_300);
  expect(told).toEqual([11_000, 11_000, 12_000, 12_000]);
  stop();
  stopOther();
  vi.advanceTimersByTime(5_000);
  expect(told).toHaveLength(4);
});
