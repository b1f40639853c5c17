import type { GenerateMessage } from '@tidemark/schemas';
import { formatCount, formatSeconds } from './format-figures.ts';
import type { Screen } from './screen.ts';

const CLEAR = '\r\u001B[2K';

type Progress = Exclude<GenerateMessage, { report: unknown }>;

/** Shows on a terminal, in one line, how far a run is; elsewhere nothing, as the end is reported by itself. */
export function showSeedProgress(out: Screen, { done, total, perSecond }: Progress): void {
  if (!out.isTTY) return;
  const left = perSecond > 0 ? ` · ${formatSeconds((total - done) / perSecond)} left` : '';
  const share = Math.floor((100 * done) / total);
  out.write(`${CLEAR}${share} % · ${formatCount(done)} events · ${formatCount(perSecond)} events/s${left}`);
}

/** Wipes the line away. */
export function endSeedProgress(out: Screen): void {
  if (out.isTTY) out.write(CLEAR);
}
