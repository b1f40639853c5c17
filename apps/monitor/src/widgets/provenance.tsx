import { Text } from 'ink';
import { toProvenance } from '../format/to-provenance.ts';
import type { OverviewState } from '../overview/overview-state.ts';
import { useTheme } from '../theme-context.ts';

/** Where the numbers on the screen come from; loud only when they are not exact. */
export function Provenance({ state: { summary } }: { readonly state: OverviewState }) {
  const theme = useTheme();
  if (summary === undefined) return <Text> </Text>;
  return (
    <Text {...(summary.meta.exact ? theme.quiet : theme.alert)} wrap="truncate">
      {toProvenance(summary.meta)}
    </Text>
  );
}
