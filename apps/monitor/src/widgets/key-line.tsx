import { Box, Text } from 'ink';
import { type Place, VIEWS } from '../place/place.ts';
import { useTheme } from '../theme-context.ts';

/** From this width on the views have their names; below, the one that is open. */
const NAMED_COLUMNS = 80;

type Props = { readonly place: Place; readonly columns: number };

/** The views by their numbers, and the way to the help; the filter, while it is typed. */
export function KeyLine({ place, columns }: Props) {
  const theme = useTheme();
  const { prompt } = place;
  if (prompt !== undefined) {
    return (
      <Text wrap="truncate-start">
        <Text {...theme.strong}>filter: </Text>
        {prompt.text}
        <Text inverse> </Text>
      </Text>
    );
  }
  return (
    <Box justifyContent="space-between" columnGap={2}>
      <Text wrap="truncate">
        {VIEWS.map((view, index) => {
          const isOpen = view === place.view;
          const name = isOpen || columns >= NAMED_COLUMNS ? ` ${toTitle(view)}` : '';
          return (
            <Text key={view} {...(isOpen ? theme.title : theme.quiet)}>
              {`${index === 0 ? '' : '  '}${index + 1}${name}`}
            </Text>
          );
        })}
      </Text>
      <Box flexShrink={0}>
        <Text {...theme.quiet}>/ filter ? help q quit</Text>
      </Box>
    </Box>
  );
}

function toTitle(view: string): string {
  return view.charAt(0).toUpperCase() + view.slice(1);
}
