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
const { outcomes, acknowledged, flaws } = await runFaults({
  redisPath: redisServer.path,
  faults,
  holdMs: Number(values.hold),
  onSurvived: ({ name, recoveredMs }) => console.log(`${name}: recovered after ${toSeconds(recoveredMs)}`),
});

const head = ['fault', 'recovered', 'receipts', 'answers', 'stale', 'refused', 'cut', ...SILENCES.map(toSilenceTitle)];
console.log(`\n${toTable(head, outcomes.map(toRow))}`);
for (const flaw of flaws) console.log(`\n✗ ${flaw}`);
const longest = Math.max(...outcomes.flatMap(({ longestSilenceMs }) => [...longestSilenceMs.values()]));
console.log(
  `\n${outcomes.length} faults survived, ${acknowledged} events acknowledged, ${flaws.length} flaws; longest without an answer: ${toSeconds(longest)}`,
);
if (flaws.length > 0) process.exitCode = 1;

function toRow({ name, recoveredMs, longestSilenceMs, ...counts }: FaultOutcome): string[] {
  const { receipts, answered, stale, refused, lost } = counts;
  return [
    name,
    toSeconds(recoveredMs),
    ...[receipts, answered, stale, refused, lost].map(String),
    ...SILENCES.map((silence) => toSeconds(longestSilenceMs.get(silence) ?? 0)),
  ];
}

function toSilenceTitle(silence: string): string {
  return `no ${silence}`;
}

function toSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
