const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** "just now", "12 s ago", "4 min ago", "2 h ago" */
export function formatAge(ageMs: number): string {
  return ageMs < 2 * SECOND ? 'just now' : `${formatLength(ageMs)} ago`;
}

/** In its largest unit, whole: "12 s", "4 min", "2 h" */
export function formatLength(lengthMs: number): string {
  if (lengthMs < MINUTE) return `${Math.floor(lengthMs / SECOND)} s`;
  return lengthMs < HOUR ? `${Math.floor(lengthMs / MINUTE)} min` : `${Math.floor(lengthMs / HOUR)} h`;
}

/** "3 ms", "1.2 s" */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1) return '<1 ms';
  return durationMs < SECOND ? `${Math.round(durationMs)} ms` : `${(durationMs / SECOND).toFixed(1)} s`;
}
