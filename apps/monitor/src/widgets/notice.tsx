import { Box, Text } from 'ink';
import { useTheme } from '../theme-context.ts';

type Props = { readonly message: string; readonly remedy?: string; readonly isBad?: boolean };

/** A message in place of numbers: what is, and what to do. */
export function Notice({ message, remedy, isBad }: Props) {
  const theme = useTheme();
  return (
    <Box flexGrow={1} flexDirection="column" alignItems="center" justifyContent="center">
      <Text {...(isBad === true ? theme.alert : theme.strong)}>{message}</Text>
      {remedy === undefined ? null : <Text>{remedy}</Text>}
    </Box>
  );
}
