import stringWidth from 'string-width';

const SEGMENTER = new Intl.Segmenter();

/** The text in exactly so many columns, the last one blank: padded, or cut with an ellipsis. */
export function toCell(text: string, width: number): string {
  const room = width - 1;
  // Nearly all there is, and much cheaper: every character is a column.
  if (/^[ -~]*$/.test(text)) return (text.length <= room ? text : `${text.slice(0, room - 1)}…`).padEnd(width);
  const whole = stringWidth(text);
  if (whole <= room) return text + ' '.repeat(width - whole);
  let cut = '';
  let used = 0;
  for (const { segment } of SEGMENTER.segment(text)) {
    const more = stringWidth(segment);
    if (used + more > room - 1) break;
    cut += segment;
    used += more;
  }
  return `${cut}…${' '.repeat(width - used - 1)}`;
}
