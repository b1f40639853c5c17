type Token = { readonly name: string; readonly about: string };

/** The colours of app.css, by what they mean. */
export const TOKENS: readonly { readonly group: string; readonly tokens: readonly Token[] }[] = [
  {
    group: 'Surfaces',
    tokens: [
      { name: 'canvas', about: 'the page' },
      { name: 'surface', about: 'cards' },
      { name: 'raised', about: 'what floats' },
      { name: 'sunken', about: 'what is pressed in' },
      { name: 'line', about: 'edges' },
      { name: 'line-strong', about: 'edges of inputs' },
    ],
  },
  {
    group: 'Words',
    tokens: [
      { name: 'ink', about: 'what is read' },
      { name: 'ink-muted', about: 'beside it' },
      { name: 'ink-faint', about: 'labels' },
    ],
  },
  {
    group: 'Meaning',
    tokens: [
      { name: 'accent', about: 'chosen, pressed' },
      { name: 'up', about: 'better, well' },
      { name: 'warn', about: 'older, late, degraded' },
      { name: 'down', about: 'worse, gone' },
    ],
  },
  {
    group: 'Groups of a chart, by size',
    tokens: Array.from({ length: 8 }, (_, index) => ({ name: `group-${index + 1}`, about: '' })).concat({
      name: 'group-rest',
      about: 'others',
    }),
  },
];
