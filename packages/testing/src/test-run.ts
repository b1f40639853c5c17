import { inject } from 'vitest';

/** Something of the machine's that a test may need: how to use it, or why it cannot be used. */
export type Found<T> = ({ readonly missing?: never } & T) | { readonly missing: string };

/** What one run of tests, or of a benchmark, shares among all its processes. */
export type TestRun = {
  readonly id: string;
  /** Holds everything the run writes; removed at its end. */
  readonly folder: string;
  /** The owner's URL of the run's PostgreSQL. */
  readonly postgresUrl: string;
  /** A migrated database that nobody connects to. */
  readonly templateDatabase: string;
  readonly redis: Found<{ readonly url: string }>;
  readonly redisServer: Found<{ readonly path: string }>;
  readonly chromium: Found<{ readonly path: string }>;
  readonly tmux: Found<{ readonly path: string }>;
};

/** Set in the processes that tests start, so that what outlives the run is found. */
export const RUN_VARIABLE = 'TIDEMARK_TEST_RUN';

declare module 'vitest' {
  interface ProvidedContext {
    testRun: TestRun;
  }
}

let ownRun: TestRun | undefined;

/** For a program that is no worker of vitest, such as a benchmark: the run it has started itself. */
export function shareTestRun(run: TestRun): void {
  ownRun = run;
}

export function getTestRun(): TestRun {
  return ownRun ?? inject('testRun');
}
