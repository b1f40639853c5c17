import { Box, Text } from 'ink';
import type { Link } from '../connection/link.ts';
import { formatAge } from '../format/format-time.ts';
import { toPrintable } from '../format/to-printable.ts';
import { toFilterText } from '../place/filter-text.ts';
import type { Place } from '../place/place.ts';
import { useTheme } from '../theme-context.ts';

/** The server answers a watch at least every five seconds; more than two missed ones deserve a word. */
const SILENT_AFTER_MS = 12_000;

/** What the connection of a view brings: answers as long as it holds, or events where there are any. */
type Brings = 'answers' | 'events';

/** No link: nothing is asked for. */
type Props = { readonly place: Place; readonly link: Link | undefined; readonly now: number };

/** Whose numbers these are, of when, of which events, and whether they are still coming. */
export function Header({ place, link, now }: Props) {
  const theme = useTheme();
  const { view, tenant, tenants, range, interval, filters } = place;
  const brings = view === 'events' ? 'events' : 'answers';
  const position = tenants.length > 1 ? ` (${tenants.indexOf(tenant) + 1}/${tenants.length})` : '';
  const per = interval === 'auto' ? '' : ` by ${interval}`;
  const filter = toFilterText(filters);
  return (
    <Box justifyContent="space-between" columnGap={2}>
      <Text wrap="truncate">
        <Text {...theme.title}>Tidemark</Text>
        {'  '}
        <Text {...theme.strong}>{toPrintable(tenant.slug)}</Text>
        {position}
        {filter === '' ? null : <Text {...theme.strong}>{` · only ${toPrintable(filter)}`}</Text>}
        {` · last ${range}${per} · ${tenant.timeZone}`}
      </Text>
      <Box flexShrink={0}>{link === undefined ? null : <LinkState link={link} now={now} brings={brings} />}</Box>
    </Box>
  );
}

type LinkProps = { readonly link: Link; readonly now: number; readonly brings: Brings };

function LinkState({ link, now, brings }: LinkProps) {
  const theme = useTheme();
  switch (link.phase) {
    case 'connecting':
      return <Text {...theme.quiet}>◌ connecting…</Text>;
    case 'live': {
      const silentMs = now - link.heardAt;
      if (silentMs <= SILENT_AFTER_MS) return <Text {...theme.good}>● live</Text>;
      // Pings show the client that a quiet tail holds; where they stay away it reconnects.
      if (brings === 'events') return <Text {...theme.good}>● live, no event for {formatAge(silentMs)}</Text>;
      return <Text {...theme.bad}>◌ silent for {formatAge(silentMs)}</Text>;
    }
    case 'reconnecting': {
      const last = link.heardAt === undefined ? '' : ` last data ${formatAge(now - link.heardAt)} ago`;
      return <Text {...theme.alert}>○ reconnecting…{last}</Text>;
    }
    case 'refused':
      return <Text {...theme.alert}>✗ refused</Text>;
  }
}
