import { Box, Text } from 'ink';
import { toPrintable } from '../format/to-printable.ts';
import { useTheme } from '../theme-context.ts';
import { Figures } from '../widgets/figures.tsx';
import { Header } from '../widgets/header.tsx';
import { Help } from '../widgets/help.tsx';
import { KeyLine } from '../widgets/key-line.tsx';
import { Notice } from '../widgets/notice.tsx';
import { Provenance } from '../widgets/provenance.tsx';
import { SeriesChart } from '../widgets/series-chart.tsx';
import { TopTypes } from '../widgets/top-types.tsx';
import { type OverviewLayout, SMALLEST, toOverviewLayout } from './overview-layout.ts';
import type { OverviewState } from './overview-state.ts';

type Props = {
  readonly state: OverviewState;
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
};

/** The first screen, as a picture of its state. */
export function OverviewView({ state, now, columns, rows }: Props) {
  const theme = useTheme();
  const layout = toOverviewLayout(columns, rows, state.summary?.totals.groups?.length ?? 0);
  if (layout === undefined) {
    return (
      <Text wrap="truncate">{`${columns}x${rows} is too small: ${SMALLEST.columns}x${SMALLEST.rows} is needed.`}</Text>
    );
  }
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Header state={state} now={now} />
      {layout.isRoomy ? <Text {...theme.quiet}>{'─'.repeat(columns)}</Text> : null}
      <Body state={state} layout={layout} />
      <Provenance state={state} />
      <KeyLine state={state} now={now} />
    </Box>
  );
}

function Body({ state, layout }: { readonly state: OverviewState; readonly layout: OverviewLayout }) {
  const { link, summary, range } = state;
  if (state.isHelpOpen) return <Help />;
  if (link.phase === 'refused')
    return <Notice message={toPrintable(link.why.message)} remedy={link.why.remedy} isBad />;
  if (summary === undefined) {
    if (link.phase !== 'reconnecting') return <Notice message="Waiting for the first answer…" />;
    return <Notice message={toPrintable(link.why.message)} remedy={`${link.why.remedy}   Trying again…`} isBad />;
  }
  const { columns, chartRows, typeRows, isRoomy } = layout;
  return (
    <Box flexDirection="column" flexGrow={1} rowGap={isRoomy ? 1 : 0}>
      <Figures state={state} />
      {summary.totals.events === 0 ? (
        <Notice
          message={`No events in the last ${range}.`}
          remedy="Press r for a longer range; new events appear by themselves."
        />
      ) : (
        <>
          <SeriesChart summary={summary} columns={columns} rows={chartRows} />
          <TopTypes summary={summary} columns={columns} rows={typeRows} />
        </>
      )}
    </Box>
  );
}
