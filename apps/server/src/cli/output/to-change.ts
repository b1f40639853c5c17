/** `▲ 12.5 %`, `▼ 3.0 %`, `=`, or `new` where there was nothing. */
export function toChange(now: number, before: number): string {
  if (now === before) return '=';
  if (before === 0) return 'new';
  const percent = (100 * (now - before)) / before;
  return `${percent > 0 ? '▲' : '▼'} ${Math.abs(percent).toFixed(1)} %`;
}
