import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { Link } from '../connection/link.ts';
import { toPrintable } from '../format/to-printable.ts';
import type { Place } from '../place/place.ts';
import { useTheme } from '../theme-context.ts';
import { Header } from './header.tsx';
import { Help } from './help.tsx';
import { KeyLine } from './key-line.tsx';
import { Notice } from './notice.tsx';
import { type Room, SMALLEST, toRoom } from './room.ts';

type Props = {
  readonly place: Place;
  readonly link: Link;
  /** Whether nothing is asked for, so that there is no connection to speak of. */
  readonly isIdle?: boolean;
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
  /** Where the numbers come from, and whether they are less than they should be. */
  readonly footer: { readonly text: string; readonly isBad: boolean };
  /** What is worth a word now; it takes the footer's place. */
  readonly news: string;
  readonly children: (room: Room) => ReactNode;
};

/** What every view has around it: header, footer, keys; help and refusals in its place. */
export function Screen({ place, link, isIdle = false, now, columns, rows, footer, news, children }: Props) {
  const theme = useTheme();
  const room = toRoom(columns, rows);
  if (room === undefined) {
    return (
      <Text wrap="truncate">{`${columns}x${rows} is too small: ${SMALLEST.columns}x${SMALLEST.rows} is needed.`}</Text>
    );
  }
  const said = place.prompt?.flaw || place.message || (link.phase === 'reconnecting' ? link.why.message : news);
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Header place={place} link={isIdle && link.phase !== 'refused' ? undefined : link} now={now} />
      {room.isRoomy ? <Text {...theme.quiet}>{'─'.repeat(columns)}</Text> : null}
      <Box flexDirection="column" height={room.rows} overflow="hidden">
        <Body place={place} link={link}>
          {children(room)}
        </Body>
      </Box>
      <Text {...(said === '' ? (footer.isBad ? theme.alert : theme.quiet) : {})} wrap="truncate">
        {toPrintable(said === '' ? footer.text : said) || ' '}
      </Text>
      <KeyLine place={place} columns={columns} />
    </Box>
  );
}

function Body({ place, link, children }: Pick<Props, 'place' | 'link'> & { readonly children: ReactNode }) {
  if (place.isHelpOpen) return <Help view={place.view} />;
  if (link.phase !== 'refused') return children;
  return <Notice message={toPrintable(link.why.message)} remedy={link.why.remedy} isBad />;
}
