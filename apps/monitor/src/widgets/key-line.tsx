import { Box, Text } from 'ink';
import { formatCount } from '../format/format-number.ts';
import { toPrintable } from '../format/to-printable.ts';
import type { OverviewState } from '../overview/overview-state.ts';
import { useTheme } from '../theme-context.ts';

type Props = { readonly state: OverviewState; readonly now: number };

/** The keys, and what there is to say of the connection. */
export function KeyLine({ state, now }: Props) {
  const theme = useTheme();
  const keys = ['q quit', ...(state.tenants.length > 1 ? ['t tenant'] : []), 'r range', '? help'].join('   ');
  return (
    <Box justifyContent="space-between" columnGap={2}>
      <Box flexShrink={0}>
        <Text {...theme.quiet}>{keys}</Text>
      </Box>
      <Text wrap="truncate">{toNews(state, now)}</Text>
    </Box>
  );
}

/** Why the connection is down, or for a while after it is back, what was missed. */
function toNews({ link, missed }: OverviewState, now: number): string {
  if (link.phase === 'reconnecting') return toPrintable(link.why.message);
  if (missed === undefined || missed.until < now) return '';
  return `back again: ${formatCount(missed.events)} events meanwhile`;
}
