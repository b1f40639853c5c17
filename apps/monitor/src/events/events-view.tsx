import type { Event } from '@tidemark/schemas';
import { Box, Text } from 'ink';
import { memo } from 'react';
import { formatCount } from '../format/format-number.ts';
import { formatReturn } from '../format/format-return.ts';
import { formatClock } from '../format/format-time.ts';
import { toCell } from '../format/to-cell.ts';
import { toPrintable } from '../format/to-printable.ts';
import type { Place } from '../place/place.ts';
import { useTheme } from '../theme-context.ts';
import { Notice } from '../widgets/notice.tsx';
import type { Room } from '../widgets/room.ts';
import { Screen } from '../widgets/screen.tsx';
import { toWindow } from '../widgets/to-window.ts';
import { Waiting } from '../widgets/waiting.tsx';
import { EventDetail } from './event-detail.tsx';
import { MAX_PER_SECOND } from './events-feed.ts';
import type { EventsState } from './events-state.ts';
import { HELD_EVENTS, isNearTop } from './past.ts';

type Props = {
  readonly place: Place;
  readonly state: EventsState;
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
};

const CLOCK_WIDTH = 10;
const DEVICE_WIDTH = 9;

/** Events as they are stored, as a picture of the tail's state. */
export function EventsView({ place, state, now, columns, rows }: Props) {
  const { link, missed } = state;
  const news = formatReturn(missed, now);
  return (
    <Screen {...{ place, link, now, columns, rows, news }} footer={{ text: toFooter(state), isBad: false }}>
      {(room) => <Body state={state} place={place} room={room} />}
    </Screen>
  );
}

/** What is shown of what there is, and how to go on. */
function toFooter(state: EventsState): string {
  const { isHeld, isDetailOpen, waiting, skipped, events } = state;
  if (isDetailOpen) return 'esc back · ↑↓ another event';
  if (isNearTop(state))
    return `held: ${formatCount(waiting.length)} more came · ${toPastText(state)} · space goes on · enter detail`;
  const sampled = skipped === 0 ? '' : `at most ${MAX_PER_SECOND} a second, ${formatCount(skipped)} not shown · `;
  if (isHeld) return `${sampled}held: ${formatCount(waiting.length)} more came · space goes on · ↑↓ enter detail`;
  return `${sampled}${formatCount(events.length)} kept · space holds · ↑↓ scroll, enter detail`;
}

/** What there is before the first event of the list. */
function toPastText({ past, events }: EventsState): string {
  if (past.phase === 'none') return 'nothing older';
  if (past.phase === 'failed') return `no older ones: ${past.why.message} ↑ tries again`;
  return events.length < HELD_EVENTS
    ? 'reading older ones…'
    : `no further back than ${formatCount(HELD_EVENTS)}, / filters`;
}

function Body({ state, place, room }: { readonly state: EventsState; readonly place: Place; readonly room: Room }) {
  const { events, selected, link, isDetailOpen, isHeld } = state;
  const { timeZone } = place.tenant;
  if (events.length === 0) {
    if (link.phase !== 'live') return <Waiting link={link} />;
    return <Notice message="No events yet." remedy="They appear as they are stored." />;
  }
  const event = events[selected];
  if (isDetailOpen && event !== undefined) return <EventDetail event={event} room={room} timeZone={timeZone} />;
  const shown = toWindow(events.length, selected, room.rows - 1);
  return (
    <Box flexDirection="column">
      <Heading columns={room.columns} />
      {events.slice(shown.from, shown.to).map((one, index) => (
        <EventRow
          key={`${one.id}@${one.occurredAt}`}
          event={one}
          timeZone={timeZone}
          columns={room.columns}
          isSelected={isHeld && shown.from + index === selected}
        />
      ))}
    </Box>
  );
}

/** How wide type and user are; what is left is for the properties. */
function toWidths(columns: number): { type: number; user: number } {
  return columns < 80 ? { type: 14, user: 12 } : { type: 20, user: 18 };
}

function Heading({ columns }: { readonly columns: number }) {
  const theme = useTheme();
  const { type, user } = toWidths(columns);
  const text = `${'time'.padEnd(CLOCK_WIDTH)}${'type'.padEnd(type)}${'user'.padEnd(user)}${'device'.padEnd(DEVICE_WIDTH)}properties`;
  return (
    <Text {...theme.quiet} wrap="truncate">
      {text}
    </Text>
  );
}

type RowProps = {
  readonly event: Event;
  readonly timeZone: string;
  readonly columns: number;
  readonly isSelected: boolean;
};

/** Made once for an event, and one text: what a monitor costs is laying out the same lines again as they move. */
const EventRow = memo(function EventRow({ event, timeZone, columns, isSelected }: RowProps) {
  const { type, user } = toWidths(columns);
  const properties = JSON.stringify(event.properties);
  const line = [
    toCell(formatClock(event.occurredAt, timeZone), CLOCK_WIDTH),
    toCell(toPrintable(event.type), type),
    toCell(toPrintable(event.userId ?? '–'), user),
    toCell(event.device ?? '–', DEVICE_WIDTH),
    toCell(properties === '{}' ? '' : toPrintable(properties), columns - CLOCK_WIDTH - type - user - DEVICE_WIDTH + 1),
  ].join('');
  return (
    <Text inverse={isSelected} wrap="truncate">
      {line.trimEnd()}
    </Text>
  );
});
