import { expect, test } from 'vitest';
import { describeProgress } from '../../src/cli/import-progress.ts';
import { formatImportReport, toImportExitCode, toImportReport } from '../../src/cli/import-report.ts';
import { ImportTally } from '../../src/import/import-tally.ts';

const at = { input: 'access.log', line: 7 };

function tallyFixture(): ImportTally {
  const tally = new ImportTally();
  tally.lines = 2_000;
  tally.events = 1_990;
  for (let index = 0; index < 10; index += 1) tally.addBroken({ ...at, line: index, reason: 'no [time] in it' });
  const receipt = { id: null, occurredAt: null };
  for (let index = 0; index < 1_980; index += 1) tally.addReceipt({ ...receipt, status: 'accepted' }, at);
  for (let index = 0; index < 7; index += 1) tally.addReceipt({ ...receipt, status: 'duplicate' }, at);
  return tally;
}

const complete = { outcome: { status: 'complete' }, seconds: 2, dryRun: false } as const;

test('the report tells what became of every line', () => {
  const tally = tallyFixture();
  const reason = { code: 'invalid_field', path: 'device', message: 'must be one of …' } as const;
  for (const line of [7, 8, 9]) {
    tally.addReceipt({ id: null, occurredAt: null, status: 'rejected', reason }, { ...at, line });
  }
  const report = toImportReport(tally, complete);
  expect(formatImportReport(report)).toBe(`2,000 lines read in 2.0 s (995 events/s)
  accepted    1,980
  duplicates  7  (stored before)
  rejected    3
    3 × invalid_field: device must be one of … (first: access.log:7)
  broken      10
    access.log:0  no [time] in it
    access.log:1  no [time] in it
    access.log:2  no [time] in it
    access.log:3  no [time] in it
    access.log:4  no [time] in it
    … and 5 more
`);
  expect(toImportExitCode(report)).toBe(3);
});

test('broken lines are no failure, an end before the end is', () => {
  const tally = tallyFixture();
  expect(toImportExitCode(toImportReport(tally, complete))).toBe(0);
  const exitCode = (outcome: Parameters<typeof toImportReport>[1]['outcome']) =>
    toImportExitCode(toImportReport(tally, { ...complete, outcome }));
  expect(exitCode({ status: 'interrupted' })).toBe(130);
  expect(exitCode({ status: 'failed', error: new Error('No server.') })).toBe(1);
  tally.unreadable.push({ input: 'access.log.gz', reason: 'unexpected end of file' });
  expect(exitCode({ status: 'complete' })).toBe(3);
});

test('nothing in a log can steer the terminal that shows it', () => {
  const tally = new ImportTally();
  tally.addBroken({ ...at, reason: 'no log time: [\u001B[2J\u009B31m\u202E]' });
  expect(formatImportReport(toImportReport(tally, complete))).not.toMatch(/[^\P{C}\n]/u);
});

test('reasons are bounded, however many properties are at fault', () => {
  const tally = new ImportTally();
  for (let index = 0; index < 1_000; index += 1) {
    const reason = { code: 'invalid_field', path: `properties.${index}`, message: 'is odd' } as const;
    tally.addReceipt({ id: null, occurredAt: null, status: 'rejected', reason }, at);
  }
  expect(tally.refusals.length).toBeLessThan(60);
  expect(tally.refusals.reduce((sum, { count }) => sum + count, 0)).toBe(1_000);
});

test('progress says how far it is, how fast and for how long, as far as it knows', () => {
  const tally = { bytes: 500, lines: 1_234, events: 1_200, settled: 1_000, waiting: undefined };
  expect(describeProgress(tally, { totalBytes: 1_000, seconds: 10 })).toBe(
    '████████████░░░░░░░░░░░░ 50 % · 1,234 lines · 100 events/s · 10 s left',
  );
  expect(describeProgress(tally, { totalBytes: undefined, seconds: 10 })).toBe('1,234 lines · 100 events/s');
  expect(describeProgress({ ...tally, waiting: 'rate_limited' }, { totalBytes: 1_000, seconds: 10 })).toBe(
    '████████████░░░░░░░░░░░░ 50 % · 1,234 lines · 100 events/s · waiting: rate_limited',
  );
});
