import { expect, test } from 'vitest';
import { toTheme } from '../src/theme.ts';

/** What terminals draw by a colour's name, out of the box: each on black and on white. */
const PALETTES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  xterm: { red: 'cd0000', green: '00cd00', yellow: 'cdcd00', blue: '0000ee', magenta: 'cd00cd', cyan: '00cdcd' },
  vga: { red: 'aa0000', green: '00aa00', yellow: 'aa5500', blue: '0000aa', magenta: 'aa00aa', cyan: '00aaaa' },
  tango: { red: 'cc0000', green: '4e9a06', yellow: 'c4a000', blue: '3465a4', magenta: '75507b', cyan: '06989a' },
  campbell: { red: 'c50f1f', green: '13a10e', yellow: 'c19c00', blue: '0037da', magenta: '881798', cyan: '3a96dd' },
};
/** The least there is for both red and magenta; green and cyan of xterm fall to 2 on white, blue to 1.5 on black. */
const READABLE = 2.5;

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The worse of its contrasts with black and with white. */
function leastContrast(hex: string): number {
  return Math.min((luminance(hex) + 0.05) / 0.05, 1.05 / (luminance(hex) + 0.05));
}

test.each(Object.entries(PALETTES))('every colour can be read on black and on white in %s', (_name, palette) => {
  const names = Object.values(toTheme(false)).flatMap(({ color }) => color ?? []);
  expect(new Set(names).size).toBeGreaterThan(1);
  for (const name of names) expect(leastContrast(palette[name] ?? 'ffffff'), name).toBeGreaterThan(READABLE);
});
