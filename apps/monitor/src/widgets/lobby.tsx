import { Box, Text, useApp, useInput, useWindowSize } from 'ink';
import { toPrintable } from '../format/to-printable.ts';
import { useTheme } from '../theme-context.ts';
import { Notice } from './notice.tsx';

type Props = { readonly message: string; readonly remedy?: string; readonly isBad?: boolean };

/** Where one waits before there is anything to show. */
export function Lobby({ message, ...rest }: Props) {
  const theme = useTheme();
  const { columns, rows } = useWindowSize();
  const { exit } = useApp();
  useInput((input) => {
    if (input === 'q') exit();
  });
  return (
    <Box width={columns} height={rows} flexDirection="column">
      <Notice message={toPrintable(message)} {...rest} />
      <Text {...theme.quiet}>q quit</Text>
    </Box>
  );
}
