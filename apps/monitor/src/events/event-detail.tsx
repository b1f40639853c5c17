import type { Event } from '@tidemark/schemas';
import { Box, Text } from 'ink';
import { toPrintable } from '../format/to-printable.ts';
import { useTheme } from '../theme-context.ts';
import type { Room } from '../widgets/room.ts';

type Props = { readonly event: Event; readonly room: Room; readonly timeZone: string };

const NAME_WIDTH = 12;

/** Everything about one event; properties that do not fit are cut, and it is said. */
export function EventDetail({ event, room, timeZone }: Props) {
  const theme = useTheme();
  const fields = [
    ['type', event.type],
    ['id', event.id],
    ['occurred at', `${event.occurredAt}  ${toLocal(event.occurredAt, timeZone)}`],
    ['received at', event.receivedAt],
    ['user', event.userId ?? '–'],
    ['session', event.sessionId ?? '–'],
    ['device', event.device ?? '–'],
    ['properties', ''],
  ] as const;
  const lines = JSON.stringify(event.properties, null, 2).split('\n');
  const free = room.rows - fields.length;
  const shown = lines.length <= free ? lines : [...lines.slice(0, free - 1), `… ${lines.length - free + 1} more lines`];
  return (
    <Box flexDirection="column">
      {fields.map(([name, text]) => (
        <Box key={name}>
          <Box width={NAME_WIDTH} flexShrink={0}>
            <Text {...theme.quiet}>{name}</Text>
          </Box>
          <Text wrap="truncate">{toPrintable(text)}</Text>
        </Box>
      ))}
      {shown.map((line, index) => (
        <Text key={index} wrap="truncate">
          {`  ${toPrintable(line)}`}
        </Text>
      ))}
    </Box>
  );
}

function toLocal(instant: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone });
  return `(${format.format(new Date(instant))} ${timeZone})`;
}
