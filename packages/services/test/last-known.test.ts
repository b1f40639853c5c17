import { beforeEach, expect, test } from 'vitest';
import { LastKnown } from '../src/auth/last-known.ts';

const MINUTE_MS = 60_000;
const AWAY = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
type Value = { readonly version: number };

/** A database whose answers are the test's. */
let answer: () => Promise<Value | undefined>;
let now: number;
let asked: number;
let known: LastKnown<Value>;
beforeEach(() => {
  [now, asked] = [0, 0];
  answer = async () => ({ version: 1 });
  const load = () => {
    asked += 1;
    return answer();
  };
  known = new LastKnown({ load, elapsed: () => now });
});

test('asks once a second, also of what is not there', async () => {
  for (const value of [{ version: 1 }, undefined]) {
    answer = async () => value;
    now += MINUTE_MS;
    const before = asked;
    expect(await Promise.all([known.find('a'), known.find('a')])).toEqual([value, value]);
    now += 999;
    expect(await known.find('a')).toEqual(value);
    expect(asked - before).toBe(1);
    now += 1;
    await known.find('a');
    expect(asked - before).toBe(2);
  }
});

test('goes by what was known while the database is away, for ten minutes after it said so', async () => {
  await known.find('a');
  answer = () => Promise.reject(AWAY);
  for (now of [1_000, MINUTE_MS, 10 * MINUTE_MS]) expect(await known.find('a')).toEqual({ version: 1 });
  now = 10 * MINUTE_MS + 1;
  await expect(known.find('a')).rejects.toThrow('ECONNREFUSED');
});

test('makes nothing up: what was never found, or was gone, is refused while the database is away', async () => {
  await known.find('gone');
  answer = async () => undefined;
  now = 1_000;
  expect(await known.find('gone')).toBeUndefined();
  answer = () => Promise.reject(AWAY);
  now = 2_000;
  await expect(known.find('gone')).rejects.toThrow('ECONNREFUSED');
  await expect(known.find('new')).rejects.toThrow('ECONNREFUSED');
});

test('hears what the database says as soon as it is back', async () => {
  await known.find('a');
  answer = () => Promise.reject(AWAY);
  now = 1_000;
  await known.find('a');
  answer = async () => undefined;
  now = 1_250;
  expect(await known.find('a')).toBeUndefined();
});

test('waits for no silent database a second time', async () => {
  await known.find('a');
  answer = () => Promise.reject(AWAY);
  now = 1_000;
  await known.find('a');
  answer = () => new Promise(() => {});
  now = 1_250;
  const hurried = known.find('a');
  expect(asked).toBe(3);
  now = 1_500;
  expect(await known.find('a')).toEqual({ version: 1 });
  expect(await hurried).toEqual({ version: 1 });
  expect(asked).toBe(3);
});

test('is no way around an error of our own', async () => {
  await known.find('a');
  answer = () => Promise.reject(new Error('a bug'));
  now = 1_000;
  await expect(known.find('a')).rejects.toThrow('a bug');
});

test('what has changed is forgotten for good, also while the database is away, and nothing else is', async () => {
  await known.find('a');
  answer = async () => ({ version: 2 });
  await known.find('b');
  known.forget(({ version }) => version === 1);
  answer = () => Promise.reject(AWAY);
  await expect(known.find('a')).rejects.toThrow('ECONNREFUSED');
  expect(await known.find('b')).toEqual({ version: 2 });
});

test('a look-up that began before a change is not believed after it', async () => {
  const slow = Promise.withResolvers<Value>();
  answer = () => slow.promise;
  const before = known.find('a');
  known.forget(({ version }) => version === 1);
  slow.resolve({ version: 1 });
  await before;
  answer = async () => undefined;
  expect(await known.find('a')).toBeUndefined();
});
