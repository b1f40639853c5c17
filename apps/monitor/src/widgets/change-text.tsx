import { Text } from 'ink';
import type { Change } from '../format/format-change.ts';
import { useTheme } from '../theme-context.ts';

/** A change beside its number. */
export function ChangeText({ change }: { readonly change: Change }) {
  const theme = useTheme();
  const style = { up: theme.good, new: theme.good, down: theme.bad, same: theme.quiet, unknown: theme.quiet };
  return <Text {...style[change.direction]}>{change.text}</Text>;
}
