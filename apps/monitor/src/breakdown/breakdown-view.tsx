import type { Breakdown, BreakdownRow } from '@tidemark/schemas';
import { Box, Text } from 'ink';
import { toBar } from '../figures/block-columns.ts';
import { formatCount, formatShare } from '../format/format-number.ts';
import { toKeyName } from '../format/to-key-name.ts';
import { toPrintable } from '../format/to-printable.ts';
import { toProvenance } from '../format/to-provenance.ts';
import type { Place } from '../place/place.ts';
import { useTheme } from '../theme-context.ts';
import { Notice } from '../widgets/notice.tsx';
import type { Room } from '../widgets/room.ts';
import { Screen } from '../widgets/screen.tsx';
import { toWindow } from '../widgets/to-window.ts';
import { Waiting } from '../widgets/waiting.tsx';
import type { BreakdownState } from './breakdown-state.ts';

type Props = {
  readonly place: Place;
  readonly state: BreakdownState;
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
};

const COUNT_WIDTH = 13;
const SHARE_WIDTH = 7;
/** Dimensions, headings, what is beyond the rows. */
const FIXED_ROWS = 3;

/** The values of a dimension by their events, as a picture of its state. */
export function BreakdownView({ place, state, now, columns, rows }: Props) {
  const { answer, link } = state;
  const footer = { text: answer === undefined ? '' : toProvenance(answer.meta), isBad: answer?.meta.exact === false };
  return (
    <Screen {...{ place, link, now, columns, rows, footer }} news="">
      {(room) => (
        <Box flexDirection="column" flexGrow={1}>
          <Dimensions state={state} />
          {answer === undefined ? <Waiting link={link} /> : <Rows answer={answer} state={state} room={room} />}
        </Box>
      )}
    </Screen>
  );
}

/** How many dimensions before the present one are shown. */
const SHOWN_BEFORE = 2;

/** What one may rank by, the present one always among them. */
function Dimensions({ state: { dimensions, by } }: { readonly state: BreakdownState }) {
  const theme = useTheme();
  const at = dimensions.indexOf(by);
  const from = Math.max(0, at - SHOWN_BEFORE);
  return (
    <Text wrap="truncate">
      <Text {...theme.quiet}>{from > 0 ? '◂ ' : '  '}</Text>
      {dimensions.slice(from).map((dimension) => (
        <Text key={dimension} {...(dimension === by ? theme.title : theme.quiet)}>
          {`${toPrintable(dimension.replace(/^property:/, ''))}  `}
        </Text>
      ))}
    </Text>
  );
}

type RowsProps = { readonly answer: Breakdown; readonly state: BreakdownState; readonly room: Room };

function Rows({ answer, state, room }: RowsProps) {
  const theme = useTheme();
  const { rows, other } = answer;
  if (rows.length === 0)
    return (
      <Notice message="No events here." remedy="backspace takes the last filter away, r makes the range longer." />
    );
  const shown = toWindow(rows.length, state.selected, room.rows - FIXED_ROWS);
  const nameWidth = room.columns < 72 ? 20 : 30;
  const barWidth = room.columns - nameWidth - 2 * COUNT_WIDTH - SHARE_WIDTH - 1;
  const peak = rows[0]?.events ?? 0;
  const rest = rows.length - shown.to + other.keys;
  return (
    <Box flexDirection="column">
      <Box>
        <Text {...theme.quiet}>{' '.repeat(nameWidth + barWidth + 1)}</Text>
        <Text
          {...theme.quiet}
        >{`${'events'.padStart(COUNT_WIDTH)}${'share'.padStart(SHARE_WIDTH)}${'users'.padStart(COUNT_WIDTH)}`}</Text>
      </Box>
      {rows.slice(shown.from, shown.to).map((row, index) => (
        <Row
          key={JSON.stringify(row.key)}
          row={row}
          isSelected={shown.from + index === state.selected}
          {...{ peak, nameWidth, barWidth }}
        />
      ))}
      <Text {...theme.quiet} wrap="truncate">
        {`${rest === 0 ? '' : `${formatCount(rest)} more · `}←→ dimension · ↑↓ enter drill in · backspace out`}
      </Text>
    </Box>
  );
}

type RowProps = {
  readonly row: BreakdownRow;
  readonly isSelected: boolean;
  readonly peak: number;
  readonly nameWidth: number;
  readonly barWidth: number;
};

function Row({ row, isSelected, peak, nameWidth, barWidth }: RowProps) {
  const theme = useTheme();
  return (
    <Box>
      <Box width={nameWidth} paddingRight={1}>
        <Text inverse={isSelected} wrap="truncate">
          {`${isSelected ? '▸' : ' '}${toPrintable(toKeyName(row.key))}`}
        </Text>
      </Box>
      <Box width={barWidth + 1}>
        <Text {...theme.bar}>{toBar(row.events, peak, barWidth)}</Text>
      </Box>
      <Text>{formatCount(row.events).padStart(COUNT_WIDTH)}</Text>
      <Text {...theme.quiet}>{formatShare(row.share, 1).padStart(SHARE_WIDTH)}</Text>
      <Text>{formatCount(row.users).padStart(COUNT_WIDTH)}</Text>
    </Box>
  );
}
