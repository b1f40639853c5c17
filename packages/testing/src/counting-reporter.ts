import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { requireAll } from './env.ts';

type Counts = { passed: number; failed: number; skipped: number };

/** Closes the run with why tests were skipped and, as the last line of all, `N passed, N failed`. */
export default class CountingReporter implements Reporter {
  #counts: Counts | undefined;
  #skips: readonly string[] = [];

  onInit(): void {
    // Only what is printed as the process ends comes after everyone else.
    process.once('exit', (code) => this.#close(code));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    const passed = tests.filter((test) => test.result().state === 'passed').length;
    const unfinished = tests.length - skipped.length - passed;
    // A file that does not load has no tests, and an error outside of tests belongs to none.
    const broken = modules.filter((module) => module.errors().length > 0).length + unhandledErrors.length;
    this.#skips = describeSkips(skipped);
    this.#counts = { passed, failed: unfinished + broken, skipped: skipped.length };
    if (requireAll && skipped.length > 0) {
      this.#counts = { passed, failed: unfinished + broken + skipped.length, skipped: 0 };
      process.exitCode = 1;
    }
  }

  #close(code: number): void {
    if (this.#counts === undefined) return;
    const { passed, failed, skipped } = this.#counts;
    // A clean-up that failed, as the leak check does, is no test's failure but one all the same.
    const counted = `${passed} passed, ${code === 0 ? failed : Math.max(1, failed)} failed`;
    const lines = [...this.#skips, skipped === 0 ? counted : `${counted}, ${skipped} skipped`];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
}

function describeSkips(skipped: readonly TestCase[]): string[] {
  if (skipped.length === 0) return [];
  const byReason = Map.groupBy(skipped, (test) => toReason(test));
  const title = requireAll ? 'Skipped, which counts as failed because REQUIRE_ALL is set:' : 'Skipped:';
  return [title, ...[...byReason].flatMap(([reason, tests]) => [`  ${reason}`, ...tests.map(toLine)]), ''];
}

function toReason(test: TestCase): string {
  const result = test.result();
  return (result.state === 'skipped' ? result.note : undefined) ?? 'no reason given';
}

function toLine(test: TestCase): string {
  return `    ${test.project.name} > ${test.fullName}`;
}
