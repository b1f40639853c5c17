import { TidemarkError } from '@tidemark/services';
import { tracked } from '@trpc/server';
import { expect, test } from 'vitest';
import { measureStream } from '../src/measure-stream.ts';

/** Notes what is told of a stream, in order. */
function observer() {
  const told: string[] = [];
  return {
    told,
    answered: (outcome: string) => void told.push(`answered ${outcome}`),
    ended: (outcome: string) => void told.push(`ended ${outcome}`),
  };
}

async function* count(to: number): AsyncGenerator<number> {
  for (let value = 1; value <= to; value += 1) yield value;
}

test('a stream that is over is answered with its first value, and ended', async () => {
  const observed = observer();
  const stream = measureStream(count(3), observed);
  expect(await stream.next()).toEqual({ done: false, value: 1 });
  expect(observed.told).toEqual(['answered ok']);
  expect(await Array.fromAsync(stream)).toEqual([2, 3]);
  expect(observed.told).toEqual(['answered ok', 'ended ok']);
});

test('a stream without a value is answered as it ends', async () => {
  const observed = observer();
  expect(await Array.fromAsync(measureStream(count(0), observed))).toEqual([]);
  expect(observed.told).toEqual(['answered ok', 'ended ok']);
});

test('a refusal is told once, before and after the first value, and reaches the reader as it was', async () => {
  const refusal = new TidemarkError('unavailable', 'Come again.', { retryAfterMs: 1 });
  const cases = [
    { values: 0, error: refusal, told: ['answered unavailable', 'ended unavailable'] },
    { values: 2, error: refusal, told: ['answered ok', 'ended unavailable'] },
    { values: 1, error: new Error('a bug'), told: ['answered ok', 'ended internal'] },
  ];
  for (const { values, error, told } of cases) {
    const observed = observer();
    const refused = async function* () {
      yield* count(values);
      throw error;
    };
    await expect(Array.fromAsync(measureStream(refused(), observed))).rejects.toBe(error);
    expect(observed.told).toEqual(told);
  }
});

test('a reader who leaves returns the stream itself, and is told of once', async () => {
  const observed = observer();
  let isReturned = false;
  const returned = async function* () {
    try {
      yield* count(10);
    } finally {
      isReturned = true;
    }
  };
  for await (const value of measureStream(returned(), observed)) if (value === 2) break;
  expect(isReturned).toBe(true);
  expect(observed.told).toEqual(['answered ok', 'ended ok']);
});

test('a reader who has left before the first value was asked for is told of, though nobody asks for it any more', () => {
  const [before, after] = [observer(), observer()];
  measureStream(count(1), before, AbortSignal.abort());
  expect(before.told).toEqual(['ended ok']);
  const leaving = new AbortController();
  measureStream(count(1), after, leaving.signal);
  expect(after.told).toEqual([]);
  leaving.abort();
  expect(after.told).toEqual(['ended ok']);
});

test('what a stream fails of once its reader has left is not counted', async () => {
  const observed = observer();
  const leaving = new AbortController();
  const failing = async function* () {
    yield 1;
    throw new Error('cut off');
  };
  const stream = measureStream(failing(), observed, leaving.signal);
  await stream.next();
  leaving.abort();
  await expect(stream.next()).rejects.toThrow('cut off');
  expect(observed.told).toEqual(['answered ok', 'ended ok']);
});

test('values are passed on as they are, with the ids that they are tracked by', async () => {
  const value = tracked('7', { some: 'thing' });
  const one = async function* () {
    yield value;
  };
  const [passed] = await Array.fromAsync(measureStream(one(), observer()));
  expect(passed).toBe(value);
});
