import type { Random } from './random.ts';

const HOUR_MS = 3_600_000;

/** An hour of UTC, clipped to the range; `until` is the share of all traffic up to its end, 1 for the last. */
export type TrafficHour = { readonly start: number; readonly end: number; readonly until: number };

/** Cuts [from, to) into hours and weighs them by the zone's clock: day and night, weekends, gentle growth, noise. */
export function planHours(random: Random, range: { from: number; to: number; timeZone: string }): TrafficHour[] {
  const { from, to, timeZone } = range;
  const hours: { start: number; end: number; sum: number }[] = [];
  let sum = 0;
  for (let hour = Math.floor(from / HOUR_MS) * HOUR_MS; hour < to; hour += HOUR_MS) {
    const start = Math.max(hour, from);
    const end = Math.min(hour + HOUR_MS, to);
    const growth = 1 + 0.3 * ((start - from) / (to - from));
    const noise = 0.85 + 0.3 * random.next();
    sum += weighMoment(hour, timeZone) * growth * noise * (end - start);
    hours.push({ start, end, sum });
  }
  return hours.map(({ start, end, sum: until }) => ({ start, end, until: until / sum }));
}

/** Quiet nights, a peak before noon, another in the evening; weekends are a third calmer. */
function weighMoment(epochMs: number, timeZone: string): number {
  const local = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone);
  const clock = local.hour + local.minute / 60;
  const weekend = local.dayOfWeek >= 6 ? 0.65 : 1;
  return weekend * (0.08 + bump(clock, 11, 3) + 0.8 * bump(clock, 20, 2.2));
}

/** A bell around `peak` on the round face of the clock. */
function bump(clock: number, peak: number, width: number): number {
  const away = Math.abs(clock - peak);
  const distance = Math.min(away, 24 - away);
  return Math.exp(-(distance ** 2) / (2 * width ** 2));
}
