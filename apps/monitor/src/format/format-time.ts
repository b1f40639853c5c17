import type { Interval } from '@tidemark/schemas';

/** The time of day in the tenant's zone. */
export function formatClock(instant: string, timeZone: string): string {
  return format(instant, timeZone, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** A bucket's start, as precise as its interval. */
export function formatBucket(instant: string, interval: Interval, timeZone: string): string {
  if (interval === 'month') return format(instant, timeZone, { month: 'short', year: 'numeric' });
  if (interval === 'minute') return format(instant, timeZone, { hour: '2-digit', minute: '2-digit' });
  const day = { day: 'numeric', month: 'short' } as const;
  return format(instant, timeZone, interval === 'hour' ? { ...day, hour: '2-digit', minute: '2-digit' } : day);
}

/** How long ago, in one unit. */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.round(ageMs / 1_000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function format(instant: string, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone, hourCycle: 'h23' }).format(new Date(instant));
}
