import { describe, type TestContext, test } from 'vitest';
import { type Found, getTestRun, type TestRun } from './test-run.ts';

type Usable<T> = Exclude<T, { readonly missing: string }>;

/** Like `test`, but the test gets what it needs as its first argument, and is skipped with the reason where that is missing. */
function testWith<T extends object>(need: (run: TestRun) => Found<T>) {
  return (
    name: string,
    body: (found: Usable<Found<T>>, context: TestContext) => Promise<void> | void,
    timeoutMs?: number,
  ) =>
    test(
      name,
      async (context) => {
        const found = need(getTestRun());
        if (found.missing !== undefined) return context.skip(found.missing);
        await body(found as Usable<Found<T>>, context);
      },
      timeoutMs,
    );
}

/** Like `describe`, for a group that needs the same in its hooks; where it is missing, the group is one skipped test. */
function describeWith<T extends object>(need: (run: TestRun) => Found<T>) {
  return (name: string, body: (found: Usable<Found<T>>) => void) => {
    const found = need(getTestRun());
    const { missing } = found;
    if (missing !== undefined) test(name, (context) => context.skip(missing));
    else describe(name, () => body(found as Usable<Found<T>>));
  };
}

/** A Redis shared with other tests: use tenants or key prefixes of your own. */
export const testWithRedis = testWith(({ redis }) => redis);
export const describeWithRedis = describeWith(({ redis }) => redis);

/** The program, for a Redis of the test's own: `RedisServer.start(path)`. */
export const testWithRedisServer = testWith(({ redisServer }) => redisServer);
export const describeWithRedisServer = describeWith(({ redisServer }) => redisServer);

/** The browser's executable. */
export const testWithChromium = testWith(({ chromium }) => chromium);
export const describeWithChromium = describeWith(({ chromium }) => chromium);

/** The terminal multiplexer's program, for tests that look at a real screen. */
export const testWithTmux = testWith(({ tmux }) => tmux);
