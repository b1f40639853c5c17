import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Every package and app with tests is a project, named like its folder. */
const folders = globSync('{packages,apps}/*/test', { cwd: import.meta.dirname }).map((path) => dirname(path));

/** Tests that hold times against each other: one at a time, when all others are over. */
const ALONE = 'test/alone/**/*.test.ts';

const testing = join(import.meta.dirname, 'packages/testing/src');

export default defineConfig({
  test: {
    projects: [
      ...folders.map((folder) => ({
        extends: true as const,
        test: { name: basename(folder), root: folder, include: ['test/**/*.test.{ts,tsx}'], exclude: [ALONE] },
      })),
      {
        extends: true,
        test: { name: 'alone', root: 'apps/server', include: [ALONE], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
    globalSetup: join(testing, 'global-setup.ts'),
    setupFiles: join(testing, 'mark-children.ts'),
    reporters: ['default', join(testing, 'counting-reporter.ts')],
    // Processes rather than threads: tests start, signal and outlive real ones. Many of them wait more than they
    // compute, so three at a time pay even on two cores.
    pool: 'forks',
    maxWorkers: Math.max(3, availableParallelism() - 1),
    // Real servers on a loaded machine take seconds; a hang must not take the run's whole time.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
  },
});
