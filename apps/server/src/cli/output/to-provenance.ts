import type { Meta } from '@tidemark/schemas';

/** Where an answer came from, in one line. */
export function toProvenance({ exact, degraded, source, asOf, timeZone, cache, tookMs }: Meta): string {
  const parts = [
    exact ? 'exact' : 'NOT EXACT',
    ...(degraded === null ? [] : [`degraded (${degraded.reason}): ${degraded.served} for ${degraded.requested}`]),
    `from ${source}`,
    `as of ${asOf}`,
    `zone ${timeZone}`,
    `cache ${cache.status}`,
    `${tookMs.toFixed(1)} ms`,
  ];
  return parts.join(' · ');
}
