const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** "just now", "12 s ago", "4 min ago", "2 h ago" */
export function formatAge(ageMs: number): string {
  if (ageMs < 2 * SECOND) return 'just now';
  if (ageMs < MINUTE) return `${Math.floor(ageMs / SECOND)} s ago`;
  if (ageMs < HOUR) return `${Math.floor(ageMs / MINUTE)} min ago`;
  return `${Math.floor(ageMs / HOUR)} h ago`;
}

/** "3 ms", "1.2 s" */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1) return '<1 ms';
  return durationMs < SECOND ? `${Math.round(durationMs)} ms` : `${(durationMs / SECOND).toFixed(1)} s`;
}
