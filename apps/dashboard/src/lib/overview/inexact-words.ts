import type { Meta } from '@tidemark/schemas';
import { formatMoment } from '../format/bucket-label.ts';

export type InexactWords = { readonly title: string; readonly text: string };

/** What an answer is less than what was asked for, as a person would say it; undefined: nothing. */
export function toInexactWords({ degraded, exact, cache, asOf, timeZone, interval }: Meta): InexactWords | undefined {
  if (degraded === null && exact) return undefined;
  const isOld = cache.status === 'stale';
  const then = formatMoment(asOf, timeZone);
  const missing = `They stood at ${then}; what came since is missing, and follows by itself.`;
  if (degraded?.reason === 'outage') {
    return { title: 'The database is away: these are the last numbers.', text: missing };
  }
  if (degraded?.reason === 'load') {
    // It may be a range as well (`from/to`), which has moved on since.
    const isCoarser = degraded.requested !== interval && !degraded.requested.includes('/');
    const coarser = isCoarser ? `Shown by the ${interval}, not by the ${degraded.requested}. ` : '';
    return {
      title: 'The server is busy, so this is less than was asked for.',
      text: coarser + (isOld ? missing : EXACT),
    };
  }
  return { title: 'These are earlier numbers.', text: missing };
}

const EXACT = 'What is shown is exact, and goes back to what was asked for by itself.';
