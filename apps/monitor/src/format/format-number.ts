const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Nine digits and their commas still fit a column; beyond, thousands of millions read better anyway. */
export function formatCount(count: number): string {
  return count < 1e9 ? whole.format(count) : compact.format(count);
}

export function formatPerSecond(rate: number): string {
  return rate < 100 ? oneDigit.format(rate) : formatCount(rate);
}

export function formatShare(part: number, all: number): string {
  return all === 0 ? '' : `${oneDigit.format((100 * part) / all)}%`;
}
