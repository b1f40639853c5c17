const EIGHTHS = '▁▂▃▄▅▆▇█';

/** A value a character, from nothing to the largest; what is more than nothing stands above it. */
export function toSparkline(values: readonly number[]): string {
  const peak = Math.max(0, ...values);
  return values.map((value) => EIGHTHS[toLevel(value, peak)]).join('');
}

function toLevel(value: number, peak: number): number {
  return value <= 0 ? 0 : Math.max(1, Math.round((value / peak) * (EIGHTHS.length - 1)));
}
