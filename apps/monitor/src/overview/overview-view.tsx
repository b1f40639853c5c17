import { Box } from 'ink';
import { formatReturn } from '../format/format-return.ts';
import { toProvenance } from '../format/to-provenance.ts';
import type { Place } from '../place/place.ts';
import { Figures } from '../widgets/figures.tsx';
import { Notice } from '../widgets/notice.tsx';
import { RateChart } from '../widgets/rate-chart.tsx';
import type { Room } from '../widgets/room.ts';
import { Screen } from '../widgets/screen.tsx';
import { SeriesChart } from '../widgets/series-chart.tsx';
import { TopTypes } from '../widgets/top-types.tsx';
import { Waiting } from '../widgets/waiting.tsx';
import { toOverviewLayout } from './overview-layout.ts';
import type { OverviewState } from './overview-state.ts';

type Props = {
  readonly place: Place;
  readonly state: OverviewState;
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
};

/** From this width on the rate has a chart of its own. */
const WIDE_COLUMNS = 100;
const GAP = 3;

/** The first screen, as a picture of its state. */
export function OverviewView({ place, state, now, columns, rows }: Props) {
  const { link, summary, missed } = state;
  const news = formatReturn(missed, now);
  const footer = {
    text: summary === undefined ? '' : toProvenance(summary.meta),
    isBad: summary?.meta.exact === false,
  };
  return (
    <Screen {...{ place, link, now, columns, rows, footer, news }}>
      {(room) => <Body state={state} place={place} room={room} />}
    </Screen>
  );
}

type BodyProps = { readonly state: OverviewState; readonly place: Place; readonly room: Room };

function Body({ state, place, room }: BodyProps) {
  const { link, summary } = state;
  if (summary === undefined) return <Waiting link={link} />;
  const { chartRows, typeRows } = toOverviewLayout(room, summary.totals.groups?.length ?? 0);
  return (
    <Box flexDirection="column" flexGrow={1} rowGap={room.isRoomy ? 1 : 0}>
      <Figures state={state} range={place.range} />
      {summary.totals.events === 0 ? (
        <Notice
          message={`No events in the last ${place.range}.`}
          remedy="Press r for a longer range; new events appear by themselves."
        />
      ) : (
        <>
          <Charts state={state} columns={room.columns} rows={chartRows} />
          <TopTypes summary={summary} columns={room.columns} rows={typeRows} />
        </>
      )}
    </Box>
  );
}

type ChartsProps = { readonly state: OverviewState; readonly columns: number; readonly rows: number };

/** The range, and where there is room for it the last minute beside it. */
function Charts({ state: { summary, samples, link }, columns, rows }: ChartsProps) {
  if (summary === undefined) return null;
  if (columns < WIDE_COLUMNS) return <SeriesChart summary={summary} columns={columns} rows={rows} />;
  const rateColumns = Math.floor(columns / 3);
  return (
    <Box columnGap={GAP}>
      <Box flexDirection="column" width={columns - rateColumns - GAP}>
        <SeriesChart summary={summary} columns={columns - rateColumns - GAP} rows={rows} />
      </Box>
      <RateChart samples={samples} isLive={link.phase === 'live'} columns={rateColumns} rows={rows} />
    </Box>
  );
}
