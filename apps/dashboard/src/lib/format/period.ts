/** A setting's length as a person would say it: "500 ms", "60 s", "15 min", "24 h". */
export function formatPeriod(periodMs: number): string {
  if (periodMs < 1_000) return `${periodMs} ms`;
  const minutes = periodMs / 60_000;
  if (minutes <= 1 || !Number.isInteger(minutes)) return `${periodMs / 1_000} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
