import { Box, Text } from 'ink';
import { toBrailleLines } from '../figures/braille-lines.ts';
import { type Sample, toRateHistory } from '../figures/event-rate.ts';
import { formatPerSecond } from '../format/format-number.ts';
import { useTheme } from '../theme-context.ts';

/** The last minute, a second each: answers come that often at most. */
const BINS = 60;
const BIN_MS = 1_000;

type Props = {
  readonly samples: readonly Sample[];
  readonly isLive: boolean;
  readonly columns: number;
  readonly rows: number;
};

/** Events per second over the last minute, in braille: four dots to a line. */
export function RateChart({ samples, isLive, columns, rows }: Props) {
  const theme = useTheme();
  const history = isLive ? toRateHistory(samples, BINS, BIN_MS) : [];
  const peak = Math.max(0, ...history.map((rate) => rate ?? 0));
  return (
    <Box flexDirection="column" width={columns}>
      <Box justifyContent="space-between">
        <Text {...theme.strong}>Events per second</Text>
        <Text {...theme.quiet}>peak {formatPerSecond(peak)}</Text>
      </Box>
      {toBrailleLines(history, { columns, rows }).map((line, index) => (
        <Text key={index} {...theme.bar}>
          {line}
        </Text>
      ))}
      <Box justifyContent="space-between">
        <Text {...theme.quiet}>1 min ago</Text>
        <Text {...theme.quiet}>now</Text>
      </Box>
    </Box>
  );
}
