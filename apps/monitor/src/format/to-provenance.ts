import type { Meta } from '@tidemark/schemas';
import { formatAge, formatClock } from './format-time.ts';

/** Provenance in one line, what matters most first. */
export function toProvenance({ source, exact, asOf, timeZone, cache, degraded, tookMs }: Meta): string {
  return [
    exact ? 'exact' : 'NOT EXACT',
    degraded === null ? undefined : `degraded (${degraded.reason}): ${degraded.served} for ${degraded.requested}`,
    `from ${source}`,
    `as of ${formatClock(asOf, timeZone)}`,
    isComputed(cache) ? 'computed now' : `cache ${cache.status}, ${formatAge(cache.ageMs)} old`,
    `${tookMs.toFixed(tookMs < 10 ? 1 : 0)} ms`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

function isComputed({ status }: Meta['cache']): boolean {
  return status === 'miss' || status === 'bypass';
}
