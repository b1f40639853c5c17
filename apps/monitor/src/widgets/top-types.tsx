import type { Summary } from '@tidemark/schemas';
import { Box, Text } from 'ink';
import { toBar } from '../figures/block-columns.ts';
import { type TopGroup, toTopGroups } from '../figures/top-groups.ts';
import { formatChange } from '../format/format-change.ts';
import { formatCount, formatShare } from '../format/format-number.ts';
import { toPrintable } from '../format/to-printable.ts';
import { useTheme } from '../theme-context.ts';
import { ChangeText } from './change-text.tsx';

type Props = { readonly summary: Summary; readonly columns: number; readonly rows: number };

const COUNT_WIDTH = 13;
const SHARE_WIDTH = 7;
const CHANGE_WIDTH = 9;

/** The types with the most events: bar, count, share of all, change. */
export function TopTypes({ summary, columns, rows }: Props) {
  const theme = useTheme();
  const nameWidth = columns < 72 ? 16 : 22;
  const barWidth = columns - nameWidth - COUNT_WIDTH - SHARE_WIDTH - CHANGE_WIDTH - 1;
  const groups = toTopGroups(summary, rows);
  const peak = Math.max(0, ...groups.filter(({ isOther }) => !isOther).map(({ events }) => events));
  return (
    <Box flexDirection="column">
      <Box>
        <Box width={nameWidth + barWidth + 1}>
          <Text {...theme.strong}>Top types</Text>
        </Box>
        <Heading width={COUNT_WIDTH}>events</Heading>
        <Heading width={SHARE_WIDTH}>share</Heading>
        <Heading width={CHANGE_WIDTH}>change</Heading>
      </Box>
      {groups.map((group) => (
        <TypeRow key={group.name} group={group} all={summary.totals.events} {...{ peak, nameWidth, barWidth }} />
      ))}
    </Box>
  );
}

function Heading({ width, children }: { readonly width: number; readonly children: string }) {
  return (
    <Box width={width} justifyContent="flex-end">
      <Text {...useTheme().quiet}>{children}</Text>
    </Box>
  );
}

type RowProps = {
  readonly group: TopGroup;
  readonly all: number;
  readonly peak: number;
  readonly nameWidth: number;
  readonly barWidth: number;
};

function TypeRow({ group, all, peak, nameWidth, barWidth }: RowProps) {
  const theme = useTheme();
  return (
    <Box>
      <Box width={nameWidth}>
        <Text {...(group.isOther ? theme.quiet : {})} wrap="truncate">
          {toPrintable(group.name)}
        </Text>
      </Box>
      <Box width={barWidth + 1}>
        <Text {...theme.bar}>{group.isOther ? '' : toBar(group.events, peak, barWidth)}</Text>
      </Box>
      <Box width={COUNT_WIDTH} justifyContent="flex-end">
        <Text>{formatCount(group.events)}</Text>
      </Box>
      <Box width={SHARE_WIDTH} justifyContent="flex-end">
        <Text {...theme.quiet}>{formatShare(group.events, all)}</Text>
      </Box>
      <Box width={CHANGE_WIDTH} justifyContent="flex-end">
        <ChangeText change={formatChange(group.events, group.before)} />
      </Box>
    </Box>
  );
}
