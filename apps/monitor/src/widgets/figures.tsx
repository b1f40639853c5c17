import type { LastRange } from '@tidemark/schemas';
import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { toBlockColumns } from '../figures/block-columns.ts';
import { toEventRate, toRateHistory } from '../figures/event-rate.ts';
import { formatChange } from '../format/format-change.ts';
import { formatCount, formatPerSecond } from '../format/format-number.ts';
import type { OverviewState } from '../overview/overview-state.ts';
import { useTheme } from '../theme-context.ts';
import { ChangeText } from './change-text.tsx';

/** The small chart beside the rate: the last minute, five seconds each. */
const HISTORY = { bins: 12, binMs: 5_000 } as const;

type FiguresProps = { readonly state: OverviewState; readonly range: LastRange };

/** The three numbers one looks at first. */
export function Figures({ state, range }: FiguresProps) {
  const { summary } = state;
  return (
    <Box columnGap={2}>
      <RateFigure state={state} />
      <CountFigure
        label={`Events, last ${range}`}
        now={summary?.totals.events}
        before={summary?.previous?.totals.events}
      />
      <CountFigure label="Unique users" now={summary?.totals.users} before={summary?.previous?.totals.users} />
    </Box>
  );
}

/** While the connection is down there is no rate: what is not heard is not zero. */
function RateFigure({ state: { samples, link } }: { readonly state: OverviewState }) {
  const theme = useTheme();
  const rate = link.phase === 'live' ? toEventRate(samples) : undefined;
  const seconds = rate === undefined ? 0 : Math.max(1, Math.round(rate.overMs / 1_000));
  const [history = ''] = toBlockColumns(toRateHistory(samples, HISTORY.bins, HISTORY.binMs), 1);
  return (
    <Figure
      label="Events per second"
      value={rate === undefined ? '–' : formatPerSecond(rate.perSecond)}
      beside={<Text {...theme.bar}>{history.trimStart()}</Text>}
      detail={
        rate === undefined ? (link.phase === 'live' ? 'measuring…' : 'not connected') : `stored, last ${seconds} s`
      }
    />
  );
}

type CountProps = { readonly label: string; readonly now: number | undefined; readonly before: number | undefined };

function CountFigure({ label, now, before }: CountProps) {
  return (
    <Figure
      label={label}
      value={now === undefined ? '–' : formatCount(now)}
      beside={now === undefined ? null : <ChangeText change={formatChange(now, before)} />}
      detail={toBefore(now, before)}
    />
  );
}

function toBefore(now: number | undefined, before: number | undefined): string {
  if (now === undefined) return '';
  return before === undefined ? 'before: no longer kept' : `${formatCount(before)} before`;
}

type FigureProps = {
  readonly label: string;
  readonly value: string;
  readonly beside: ReactNode;
  readonly detail: string;
};

function Figure({ label, value, beside, detail }: FigureProps) {
  const theme = useTheme();
  return (
    <Box flexDirection="column" flexGrow={1} flexBasis={0} height={3}>
      <Text {...theme.quiet} wrap="truncate">
        {label}
      </Text>
      <Text wrap="truncate">
        <Text {...theme.strong}>{value}</Text> {beside}
      </Text>
      <Text {...theme.quiet} wrap="truncate">
        {detail}
      </Text>
    </Box>
  );
}
