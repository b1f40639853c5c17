// `pnpm bench <name> [--option value] [--check]`: measures, prints a table, and says which bars were reached.
import { parseArgs } from 'node:util';
import { startTestRun } from '../src/start-test-run.ts';
import { RUN_VARIABLE, shareTestRun } from '../src/test-run.ts';
import type { Bench } from './bench.ts';
import { BENCHES } from './benches.ts';
import { describeMachine } from './report/describe-machine.ts';
import { toTable } from './report/to-table.ts';
import { isReached, toVerdictRow } from './report/verdict.ts';

const [name = '', ...args] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined) {
  console.log('Usage: pnpm bench <name> [--option value] [--check]\n');
  console.log(toTable(['name', 'measures', 'options'], Object.entries(BENCHES).map(toHelpRow)));
  process.exit(name === '' ? 0 : 2);
}

const options = Object.fromEntries(Object.keys(bench.options).map((option) => [option, { type: 'string' as const }]));
const { values } = parseArgs({ args, options: { ...options, check: { type: 'boolean' } } });
const { check = false, ...given } = values;
await using run = await startTestRun({ durable: true });
shareTestRun(run.testRun);
process.env[RUN_VARIABLE] = run.testRun.id;
process.env.TMPDIR = run.testRun.folder;

console.log(`${bench.title}\n${await describeMachine()}\n`);
const verdicts = await bench.run({
  options: { ...bench.options, ...(given as Record<string, string>) },
  print: (line) => console.log(line),
});
console.log(`\n${toTable(['ratio', 'measured', 'bar', 'verdict'], verdicts.map(toVerdictRow))}`);
if (check && !verdicts.every(isReached)) process.exitCode = 1;

function toHelpRow([each, { title, options: defaults }]: [string, Bench]): string[] {
  const flags = Object.entries(defaults).map(([option, value]) => `--${option} ${value}`);
  return [each, title, flags.join(' ')];
}
