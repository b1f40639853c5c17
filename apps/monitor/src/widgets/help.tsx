import { Box, Text } from 'ink';
import { useTheme } from '../theme-context.ts';

const KEYS = [
  ['t, T', 'next tenant, the one before'],
  ['r, R', 'next range: 15m 1h 24h 7d 30d 90d'],
  ['?', 'this help'],
  ['q', 'quit'],
] as const;

const NOTES = [
  'Events per second: how fast events are being stored, averaged over the time',
  'that is named; events whose own time is over a day away do not count.',
  'Change: against the range of the same length before. Pale columns: not over yet.',
  'Unique users are counted over the whole range, exactly: never a sum.',
] as const;

/** What the keys do and what the numbers mean. */
export function Help() {
  const theme = useTheme();
  return (
    <Box flexDirection="column" flexGrow={1}>
      <Text {...theme.strong}>Keys</Text>
      {KEYS.map(([key, meaning]) => (
        <Box key={key}>
          <Box width={8}>
            <Text>{key}</Text>
          </Box>
          <Text wrap="truncate">{meaning}</Text>
        </Box>
      ))}
      <Box marginTop={1} flexDirection="column">
        <Text {...theme.strong}>Numbers</Text>
        <Text wrap="wrap">{NOTES.join(' ')}</Text>
      </Box>
    </Box>
  );
}
