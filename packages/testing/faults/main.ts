// `pnpm test:faults [--hold ms] [--rounds n] [--only text]`: breaks everything in turn under load, prints what came of it.
import { parseArgs } from 'node:util';
import { toTable } from '../bench/report/to-table.ts';
import { FAULTS } from '../src/faults/faults.ts';
import { type FaultOutcome, runFaults, SILENCES } from '../src/faults/run-faults.ts';
import { startTestRun } from '../src/start-test-run.ts';
import { RUN_VARIABLE, shareTestRun } from '../src/test-run.ts';

const { values } = parseArgs({
  options: {
    hold: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});
await using run = await startTestRun({ durable: true });
shareTestRun(run.testRun);
process.env[RUN_VARIABLE] = run.testRun.id;
process.env.TMPDIR = run.testRun.folder;

const { redisServer } = run.testRun;
if (redisServer.missing !== undefined) throw new Error(redisServer.missing);
const chosen = FAULTS.filter(({ name }) => name.includes(values.only));
const faults = Array.from({ length: Number(values.rounds) }, () => chosen).flat();
const outcomes = await runFaults({
  redisPath: redisServer.path,
  faults,
  holdMs: Number(values.hold),
  onOutcome: ({ name, recoveredMs, flaws }) =>
    console.log(`${flaws.length === 0 ? '✓' : '✗'} ${name}: recovered after ${toSeconds(recoveredMs)}`),
});

const COUNTS = ['receipts', 'lost', 'doubled', 'answered', 'stale', 'refused', 'cut'] as const;
const head = ['fault', 'recovered', ...COUNTS, 'slowest', ...SILENCES.map(toSilenceTitle)];
console.log(`\n${toTable(head, outcomes.map(toRow))}`);
for (const { name, flaws } of outcomes) for (const flaw of flaws) console.log(`\n✗ ${name}: ${flaw}`);
const survived = outcomes.filter(({ flaws }) => flaws.length === 0).length;
const { acknowledged = 0, lost = 0, doubled = 0 } = outcomes.at(-1) ?? {};
const longest = Math.max(...outcomes.flatMap(({ longestSilenceMs }) => [...longestSilenceMs.values()]));
console.log(`
${survived} of ${outcomes.length} faults survived, ${acknowledged} events acknowledged, ${lost} lost, ${doubled} double; longest without an answer: ${toSeconds(longest)}`);
if (survived < outcomes.length) process.exitCode = 1;

function toRow({ name, recoveredMs, slowestMs, longestSilenceMs, ...counts }: FaultOutcome): string[] {
  return [
    name,
    toSeconds(recoveredMs),
    ...COUNTS.map((count) => String(counts[count])),
    toSeconds(slowestMs),
    ...SILENCES.map((silence) => toSeconds(longestSilenceMs.get(silence) ?? 0)),
  ];
}

function toSilenceTitle(silence: string): string {
  return `no ${silence}`;
}

function toSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
