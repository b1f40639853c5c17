import type { ImportTally } from '../import/import-tally.ts';
import { formatCount, formatSeconds } from './format-figures.ts';

const REDRAW_MS = 100;
/** Without a terminal: often enough for a log that somebody follows, rarely enough for one that is kept. */
const LINE_EVERY_MS = 10_000;
const BAR_WIDTH = 24;

export type ProgressOptions = {
  readonly out: NodeJS.WriteStream;
  readonly tally: ImportTally;
  /** Bytes of all inputs; undefined where one is a stream. */
  readonly totalBytes: number | undefined;
};

/** Shows how far an import is until it is disposed: one line that is redrawn, or a line now and then. */
export function showProgress({ out, tally, totalBytes }: ProgressOptions): Disposable {
  const startedAt = performance.now();
  const describe = () => describeProgress(tally, { totalBytes, seconds: (performance.now() - startedAt) / 1_000 });
  if (!out.isTTY) {
    const timer = setInterval(() => out.write(`${describe()}\n`), LINE_EVERY_MS);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  }
  const clear = '\r\u001B[2K';
  const timer = setInterval(() => out.write(`${clear}${describe().slice(0, out.columns - 1)}`), REDRAW_MS);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      out.write(clear);
    },
  };
}

/** `████████░░░░ 63 % · 1,234,000 lines · 35,200 events/s · 12 s left` */
export function describeProgress(
  tally: Pick<ImportTally, 'bytes' | 'lines' | 'events' | 'settled' | 'waiting'>,
  { totalBytes, seconds }: { totalBytes: number | undefined; seconds: number },
): string {
  const parts = [`${formatCount(tally.lines)} lines`];
  // A dry run settles nothing; its speed is that of reading.
  if (seconds > 0) parts.push(`${formatCount((tally.settled || tally.events) / seconds)} events/s`);
  if (tally.waiting !== undefined) parts.push(`waiting: ${tally.waiting}`);
  if (totalBytes === undefined) return parts.join(' · ');
  const share = totalBytes === 0 ? 1 : Math.min(1, tally.bytes / totalBytes);
  const filled = Math.round(share * BAR_WIDTH);
  parts.unshift(`${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${Math.floor(share * 100)} %`);
  if (share > 0 && tally.waiting === undefined) parts.push(`${formatSeconds((seconds / share) * (1 - share))} left`);
  return parts.join(' · ');
}
