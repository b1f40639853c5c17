import type { TextProps } from 'ink';

type Style = Pick<TextProps, 'color' | 'bold' | 'dimColor' | 'inverse'>;

/** What each kind of text looks like. Meaning is never in a colour alone. */
export type Theme = {
  readonly title: Style;
  readonly strong: Style;
  readonly quiet: Style;
  readonly bar: Style;
  readonly good: Style;
  readonly bad: Style;
  readonly alert: Style;
};

/**
 * Of the terminal's own named colours red and magenta alone can be read on black and on white in usual palettes: xterm's
 * green and cyan fade on white, blue on black. The text keeps its own.
 */
const COLORED: Theme = {
  title: { bold: true, color: 'magenta' },
  strong: { bold: true },
  quiet: { dimColor: true },
  bar: { color: 'magenta' },
  good: { bold: true },
  bad: { color: 'red' },
  alert: { color: 'red', bold: true },
};

const PLAIN: Theme = {
  title: { bold: true },
  strong: { bold: true },
  quiet: { dimColor: true },
  bar: {},
  good: {},
  bad: {},
  alert: { bold: true, inverse: true },
};

export function toTheme(noColor: boolean): Theme {
  return noColor ? PLAIN : COLORED;
}
