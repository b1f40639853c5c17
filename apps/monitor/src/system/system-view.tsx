import type { Health } from '@tidemark/schemas';
import { Box, Text } from 'ink';
import { formatAge } from '../format/format-time.ts';
import { toPrintable } from '../format/to-printable.ts';
import type { Place } from '../place/place.ts';
import { useTheme } from '../theme-context.ts';
import type { Room } from '../widgets/room.ts';
import { Screen } from '../widgets/screen.tsx';
import { Waiting } from '../widgets/waiting.tsx';
import type { SystemState } from './system-state.ts';
import { type SystemLine, toSystemLines } from './to-system-lines.ts';

type Props = {
  readonly place: Place;
  readonly state: SystemState;
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
};

const NAME_WIDTH = 18;
const MARKS = { good: '●', bad: '✗', plain: ' ' } as const;

/** How the server does, as a picture of what it says of itself. */
export function SystemView({ place, state, now, columns, rows }: Props) {
  const { health, link } = state;
  const text = health === undefined ? '' : `${health.status}, up for ${formatAge(now - Date.parse(health.startedAt))}`;
  const footer = { text, isBad: health?.status === 'degraded' };
  return (
    <Screen {...{ place, link, now, columns, rows, footer }} news="">
      {(room) => (health === undefined ? <Waiting link={link} /> : <Lines health={health} now={now} room={room} />)}
    </Screen>
  );
}

type LinesProps = { readonly health: Health; readonly now: number; readonly room: Room };

/** What is wrong stays on a small screen; what is well gives way to it. */
function Lines({ health, now, room }: LinesProps) {
  const lines = toSystemLines(health, now);
  const fits = lines.length <= room.rows;
  const shown = fits ? lines : keepBad(lines, room.rows - 1);
  return (
    <Box flexDirection="column">
      {shown.map((line) => (
        <Line key={`${line.name} ${line.text}`} line={line} />
      ))}
      {fits ? null : (
        <Text dimColor>{`… ${lines.length - shown.length} more that are well: a taller terminal shows them`}</Text>
      )}
    </Box>
  );
}

function keepBad(lines: readonly SystemLine[], count: number): SystemLine[] {
  const bad = lines.filter(({ state }) => state === 'bad');
  const rest = lines.filter(({ state }) => state !== 'bad').slice(0, Math.max(0, count - bad.length));
  return lines.filter((line) => bad.includes(line) || rest.includes(line)).slice(0, count);
}

function Line({ line: { name, text, state } }: { readonly line: SystemLine }) {
  const theme = useTheme();
  return (
    <Box>
      <Box width={2} flexShrink={0}>
        <Text {...(state === 'bad' ? theme.alert : theme.good)}>{MARKS[state]}</Text>
      </Box>
      <Box width={NAME_WIDTH} flexShrink={0}>
        <Text {...theme.quiet} wrap="truncate">
          {name}
        </Text>
      </Box>
      <Text {...(state === 'bad' ? theme.bad : {})} wrap="truncate">
        {toPrintable(text)}
      </Text>
    </Box>
  );
}
