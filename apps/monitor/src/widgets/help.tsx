import { Box, Text } from 'ink';
import type { ViewName } from '../place/place.ts';
import { useTheme } from '../theme-context.ts';

type Line = readonly [keys: string, meaning: string];

const EVERYWHERE: readonly Line[] = [
  ['1-5, tab', 'a view; shift-tab back'],
  ['t, T', 'next tenant, the one before'],
  ['r, R  i, I', 'next range, next interval; back'],
  ['/', 'filter: signup device=mobile user=ada plan=pro'],
  ['o', 'the same in the dashboard'],
  ['? esc  q', 'this help, quit'],
];

const OF_VIEW: Readonly<Record<ViewName, readonly Line[]>> = {
  overview: [],
  events: [
    ['space', 'hold the list still, go on'],
    ['↑↓ pgup g', 'scroll back; G to the newest'],
    ['enter, esc', 'an event in detail, back'],
  ],
  breakdown: [
    ['←→', 'another dimension or property'],
    ['↑↓ enter', 'drill into a row'],
    ['backspace', 'take the last filter away'],
  ],
  system: [],
  lab: [
    ['↑↓ enter', 'choose a scenario and run it'],
    ['esc', 'leave the run'],
  ],
};

const NOTES: Readonly<Partial<Record<ViewName, string>>> = {
  overview:
    'Events per second: how fast events are being stored, averaged over the time that is named; events whose own time is over a day away do not count. Change: against the range before. Pale columns: not over yet.',
  events:
    'The server sends at most 20 events a second and counts the rest. The last 500 are kept; scrolling up reads older ones, by their own time, up to 5,000.',
  breakdown: 'Asked again every five seconds. Users are counted exactly in each row: never a sum.',
};

/** What the keys do and what the numbers mean. */
export function Help({ view }: { readonly view: ViewName }) {
  const theme = useTheme();
  return (
    <Box flexDirection="column" flexGrow={1}>
      <Text {...theme.strong}>Keys</Text>
      {[...EVERYWHERE, ...OF_VIEW[view]].map(([keys, meaning]) => (
        <Box key={keys}>
          <Box width={12}>
            <Text>{keys}</Text>
          </Box>
          <Text wrap="truncate">{meaning}</Text>
        </Box>
      ))}
      <Text {...theme.quiet} wrap="wrap">
        {NOTES[view] ?? ''}
      </Text>
    </Box>
  );
}
