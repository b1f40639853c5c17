import type { Summary } from '@tidemark/schemas';
import { Box, Text } from 'ink';
import { toBlockColumns } from '../figures/block-columns.ts';
import { fitSeries } from '../figures/fit-series.ts';
import { formatCount } from '../format/format-number.ts';
import { formatBucket } from '../format/format-time.ts';
import { useTheme } from '../theme-context.ts';

type Props = { readonly summary: Summary; readonly columns: number; readonly rows: number };

/** The series as columns; what is not over yet is paler, so that it does not look like a fall. */
export function SeriesChart({ summary: { series, meta }, columns, rows }: Props) {
  const theme = useTheme();
  const fitted = fitSeries(series, meta.asOf, columns);
  const lines = toBlockColumns(fitted.columns, rows);
  const per = fitted.merged === 1 ? meta.interval : `${fitted.merged} ${meta.interval}s`;
  const label = (at: number) => {
    const bucket = series.at(at);
    return bucket === undefined ? '' : formatBucket(bucket.start, meta.interval, meta.timeZone);
  };
  return (
    <Box flexDirection="column">
      <Box justifyContent="space-between">
        <Text {...theme.strong}>Events per {per}</Text>
        <Text {...theme.quiet}>peak {formatCount(fitted.peak)}</Text>
      </Box>
      {lines.map((line, index) => (
        <Text key={index} wrap="truncate">
          <Text {...theme.bar}>{line.slice(0, fitted.complete)}</Text>
          <Text {...theme.quiet}>{line.slice(fitted.complete)}</Text>
        </Text>
      ))}
      <Box width={fitted.columns.length} justifyContent="space-between">
        <Text {...theme.quiet}>{label(0)}</Text>
        <Text {...theme.quiet}>{label(Math.floor(series.length / 2))}</Text>
        <Text {...theme.quiet}>{label(-1)}</Text>
      </Box>
    </Box>
  );
}
