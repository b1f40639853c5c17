const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * Values as columns of blocks, `height` lines from top to bottom, each value one character wide. What is
 * more than nothing shows at least as the lowest block; undefined is a blank.
 */
export function toBlockColumns(values: readonly (number | undefined)[], height: number): string[] {
  const peak = Math.max(0, ...values.map((value) => value ?? 0));
  const levels = values.map((value) => toLevel(value ?? 0, peak, height * 8));
  return Array.from({ length: height }, (_, line) => {
    const below = (height - 1 - line) * 8;
    return levels.map((level) => EIGHTHS[Math.min(8, Math.max(0, level - below))]).join('');
  });
}

/** A bar growing to the right by halves, `width` wide at most; thinner than a line, so that bars stand apart. */
export function toBar(part: number, peak: number, width: number): string {
  const level = toLevel(part, peak, width * 2);
  return '━'.repeat(Math.floor(level / 2)) + (level % 2 === 1 ? '╸' : '');
}

function toLevel(value: number, peak: number, levels: number): number {
  return value <= 0 || peak <= 0 ? 0 : Math.max(1, Math.round((value / peak) * levels));
}
