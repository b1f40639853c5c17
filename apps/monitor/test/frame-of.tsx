import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink-testing-library';
import type { ReactNode } from 'react';
import { toTheme } from '../src/theme.ts';
import { ThemeContext } from '../src/theme-context.ts';

/** What a view looks like, line by line, without colours and blanks at the ends. */
export function frameOf(view: ReactNode): string[] {
  const { lastFrame, unmount } = render(<ThemeContext value={toTheme(true)}>{view}</ThemeContext>);
  const lines = stripVTControlCharacters(lastFrame() ?? '').split('\n');
  unmount();
  return lines.map((line) => line.trimEnd());
}
