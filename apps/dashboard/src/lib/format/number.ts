/** One locale for server and browser alike, so that the first paint does not change under the reader. */
export const LOCALE = 'en-US';

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const fraction = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 1 });
const wholePercent = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 0 });

/** 12,345 */
export const formatCount = (value: number): string => whole.format(value);

/** 3.41, for averages */
export const formatAverage = (value: number): string => fraction.format(value);

/** 12.3K, where there is little room */
export const formatCompact = (value: number): string => compact.format(value);

/** 12.3%; a share that is there but tiny is not called nothing. */
export function formatShare(share: number): string {
  return share > 0 && share < 0.001 ? '<0.1%' : percent.format(share);
}

/** 7% below a hundred, 1,240% above: how large a change is, without its sign. */
export function formatRatio(ratio: number): string {
  const size = Math.abs(ratio);
  return size < 0.1 ? percent.format(size) : wholePercent.format(size);
}
