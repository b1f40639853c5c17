import { Box, Text } from 'ink';
import { formatAge } from '../format/format-time.ts';
import { toPrintable } from '../format/to-printable.ts';
import type { Link, OverviewState } from '../overview/overview-state.ts';
import { useTheme } from '../theme-context.ts';

/** The server answers a watch at least every five seconds; more than two missed ones deserve a word. */
const SILENT_AFTER_MS = 12_000;

type Props = { readonly state: OverviewState; readonly now: number };

/** Whose numbers these are, of when, and whether they are still coming. */
export function Header({ state, now }: Props) {
  const theme = useTheme();
  const { tenant, tenants, range, summary, link } = state;
  const position = tenants.length > 1 ? ` (${tenants.indexOf(tenant) + 1}/${tenants.length})` : '';
  const zone = summary?.meta.timeZone ?? tenant.timeZone;
  return (
    <Box justifyContent="space-between" columnGap={2}>
      <Text wrap="truncate">
        <Text {...theme.title}>Tidemark</Text>
        {'  '}
        <Text {...theme.strong}>{toPrintable(tenant.slug)}</Text>
        {`${position} · last ${range} · ${zone}`}
      </Text>
      <Box flexShrink={0}>
        <LinkState link={link} now={now} />
      </Box>
    </Box>
  );
}

function LinkState({ link, now }: { readonly link: Link; readonly now: number }) {
  const theme = useTheme();
  switch (link.phase) {
    case 'connecting':
      return <Text {...theme.quiet}>◌ connecting…</Text>;
    case 'live': {
      const silentMs = now - link.heardAt;
      if (silentMs > SILENT_AFTER_MS) return <Text {...theme.bad}>◌ silent for {formatAge(silentMs)}</Text>;
      return <Text {...theme.good}>● live</Text>;
    }
    case 'reconnecting': {
      const last = link.heardAt === undefined ? '' : ` last data ${formatAge(now - link.heardAt)} ago`;
      return <Text {...theme.alert}>○ reconnecting…{last}</Text>;
    }
    case 'refused':
      return <Text {...theme.alert}>✗ refused</Text>;
  }
}
