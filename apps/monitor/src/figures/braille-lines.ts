/** The first character of Unicode's braille patterns: no dots. */
const BLANK = 0x2800;
/** The bits of a character's dots, by column from the bottom to the top. */
const DOTS = [
  [0x40, 0x04, 0x02, 0x01],
  [0x80, 0x20, 0x10, 0x08],
] as const;

/**
 * Values as filled columns of braille dots, two to a character and four to a line, stretched over the width. What is more
 * than nothing shows at least one dot; undefined is a blank.
 */
export function toBrailleLines(
  values: readonly (number | undefined)[],
  { columns, rows }: { readonly columns: number; readonly rows: number },
): string[] {
  const peak = Math.max(0, ...values.map((value) => value ?? 0));
  const heights = Array.from({ length: columns * 2 }, (_, dot) => {
    const value = values[Math.floor((dot * values.length) / (columns * 2))] ?? 0;
    return value <= 0 ? 0 : Math.max(1, Math.round((value / peak) * rows * 4));
  });
  return Array.from({ length: rows }, (_, line) => {
    const below = (rows - 1 - line) * 4;
    const codes = Array.from({ length: columns }, (_column, at) =>
      DOTS.reduce((code, dots, side) => code | toBits(dots, (heights[at * 2 + side] ?? 0) - below), BLANK),
    );
    return String.fromCodePoint(...codes);
  });
}

function toBits(dots: readonly number[], height: number): number {
  return dots.slice(0, Math.max(0, height)).reduce((bits, dot) => bits | dot, 0);
}
