import type { TestProject } from 'vitest/node';
import { startTestRun } from './start-test-run.ts';

/** Once per run of vitest. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const run = await startTestRun({ durable: false });
  project.provide('testRun', run.testRun);
  return async () => await run[Symbol.asyncDispose]();
}
