import type { BrokenLine, ImportTally, Refusal } from '../import/import-tally.ts';
import type { ImportOutcome } from '../import/run-import.ts';
import type { ExitCode } from './cli-error.ts';
import { EXIT } from './cli-error.ts';
import { formatCount, formatSeconds, formatThings } from './format-figures.ts';

/** What `import --json` prints; the text says the same. */
export type ImportReport = {
  readonly status: ImportOutcome['status'];
  readonly error: string | null;
  readonly dryRun: boolean;
  readonly lines: number;
  /** Lines that were read as events. */
  readonly events: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: { readonly total: number; readonly reasons: readonly Readonly<Refusal>[] };
  readonly broken: { readonly total: number; readonly first: readonly BrokenLine[] };
  /** Inputs that could not be read to their end. */
  readonly unreadable: readonly { readonly input: string; readonly reason: string }[];
  readonly seconds: number;
  readonly eventsPerSecond: number;
};

export function toImportReport(
  tally: ImportTally,
  { outcome, seconds, dryRun }: { outcome: ImportOutcome; seconds: number; dryRun: boolean },
): ImportReport {
  return {
    status: outcome.status,
    error: outcome.status === 'failed' ? outcome.error.message : null,
    dryRun,
    lines: tally.lines,
    events: tally.events,
    accepted: tally.accepted,
    duplicates: tally.duplicates,
    rejected: { total: tally.rejected, reasons: tally.refusals },
    broken: { total: tally.broken, first: tally.brokenLines },
    unreadable: tally.unreadable,
    seconds: Math.round(seconds * 1_000) / 1_000,
    eventsPerSecond: Math.round((dryRun ? tally.events : tally.settled) / seconds),
  };
}

/** Broken lines do not count against an import; a file of nothing else does. */
export function toImportExitCode(report: ImportReport): ExitCode {
  if (report.status === 'interrupted') return EXIT.interrupted;
  if (report.status === 'failed') return EXIT.failed;
  const isIncomplete = report.rejected.total > 0 || report.unreadable.length > 0 || isAllBroken(report);
  return isIncomplete ? EXIT.incomplete : EXIT.ok;
}

export function formatImportReport(report: ImportReport): string {
  const { broken, rejected } = report;
  const rows = [
    `${formatThings(report.lines, 'line')} read in ${formatSeconds(report.seconds)} (${formatCount(report.eventsPerSecond)} events/s)`,
    ...(report.dryRun ? [] : [`  accepted    ${formatCount(report.accepted)}`]),
    ...(report.dryRun
      ? []
      : [`  duplicates  ${formatCount(report.duplicates)}${report.duplicates > 0 ? '  (stored before)' : ''}`]),
    ...(report.dryRun ? [`  readable    ${formatCount(report.events)}  (a dry run: nothing was sent)`] : []),
    ...(rejected.total > 0 ? [`  rejected    ${formatCount(rejected.total)}`] : []),
    ...rejected.reasons.map(describeRefusal),
    `  broken      ${formatCount(broken.total)}`,
    ...broken.first.map(({ input, line, reason }) => `    ${input}:${line}  ${printable(reason)}`),
    ...(broken.total > broken.first.length
      ? [`    … and ${formatCount(broken.total - broken.first.length)} more`]
      : []),
    ...report.unreadable.map(({ input, reason }) => `  ${input} could not be read to its end: ${printable(reason)}`),
    ...toAdvice(report),
  ];
  return `${rows.join('\n')}\n`;
}

function describeRefusal({ count, code, path, message, input, line }: Readonly<Refusal>): string {
  const field = path === '' ? '' : `${path} `;
  return printable(`    ${formatCount(count)} × ${code}: ${field}${message} (first: ${input}:${line})`);
}

function toAdvice(report: ImportReport): string[] {
  const again = 'Run the same command again to go on: what is stored is not counted twice.';
  if (report.status === 'interrupted') return [`Interrupted. ${again}`];
  if (report.status === 'failed') return [`Stopped: ${printable(report.error ?? '')}`, again];
  return isAllBroken(report) ? ['No line could be read: is --format right?'] : [];
}

function isAllBroken(report: ImportReport): boolean {
  return report.events === 0 && report.broken.total > 0;
}

/** Log lines are written by strangers: nothing in them may steer the terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\uFFFD');
}
