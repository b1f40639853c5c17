/** One locale for server and browser alike, so that the first paint does not change under the reader. */
export const LOCALE = 'en-US';

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const twoDigits = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const oneDigit = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(LOCALE, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const wholePercent = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 0 });

/** 12,345 */
export const formatCount = (value: number): string => whole.format(value);

/** 3.41, or 155.2 where the whole part says enough */
export const formatAverage = (value: number): string => (value < 100 ? twoDigits : oneDigit).format(value);

/** 12.3K, where there is little room */
export const formatCompact = (value: number): string => compact.format(value);

/** 12.3%; a share that is there but tiny is not called nothing. */
export function formatShare(share: number): string {
  return share > 0 && share < 0.001 ? '<0.1%' : percent.format(share);
}

/** How large a change is, without its sign: 4.2%, 37%; beyond tenfold a percentage says less than "12x". */
export function formatRatio(ratio: number): string {
  const size = Math.abs(ratio);
  if (size >= 9) return `${whole.format(size + 1)}x`;
  return size < 0.1 ? percent.format(size) : wholePercent.format(size);
}
