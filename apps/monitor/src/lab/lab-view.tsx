import { type LabFigure, SCENARIOS, type ScenarioName } from '@tidemark/schemas';
import { Box, Text } from 'ink';
import { toBlockColumns } from '../figures/block-columns.ts';
import { formatShare } from '../format/format-number.ts';
import { toPrintable } from '../format/to-printable.ts';
import type { Place } from '../place/place.ts';
import { useTheme } from '../theme-context.ts';
import type { Room } from '../widgets/room.ts';
import { Screen } from '../widgets/screen.tsx';
import type { LabState, Verdict } from './lab-state.ts';

type Props = {
  readonly place: Place;
  readonly state: LabState;
  readonly now: number;
  readonly columns: number;
  readonly rows: number;
};

const EXPLAINED: Readonly<Record<ScenarioName, string>> = {
  traffic_spike: 'a hundred callers at once: the rate limit holds, and says when to come again',
  circuit_breaker: 'the database slow, then gone: old answers are served (needs TIDEMARK_LAB=1)',
  cache_performance: 'what is kept against what is computed, and what a commit takes out of date',
  graceful_degradation: 'load raises the level: coarser buckets, low priority shed; then it recovers',
  end_to_end: "what one server acknowledges, another one's numbers hold within a second",
};

const NAME_WIDTH = 22;
/** What an explanation takes beside its name on the narrowest screen. */
const EXPLAINED_LINES = 3;

/** Scenarios, and the run of one, as a picture of its state. */
export function LabView({ place, state, now, columns, rows }: Props) {
  const footer = { text: toFooter(state), isBad: state.verdict?.passed === false };
  const { link, stage } = state;
  return (
    <Screen {...{ place, now, columns, rows, footer }} link={link} isIdle={stage !== 'running'} news="">
      {(room) =>
        stage === 'choosing' ? <Scenarios chosen={state.scenario} room={room} /> : <Run state={state} room={room} />
      }
    </Screen>
  );
}

function toFooter({ stage, verdict, scenario }: LabState): string {
  if (stage === 'choosing') return '↑↓ choose · enter runs it here, on the tenant lab';
  if (stage === 'running') return `${scenario} runs · esc leaves it`;
  const seconds = ((verdict?.tookMs ?? 0) / 1_000).toFixed(1);
  return `${verdict?.passed === true ? 'passed' : 'FAILED'} in ${seconds} s · enter again · ↑↓ another`;
}

/** Every explanation whole where the rows suffice, else that of the chosen one. */
function Scenarios({ chosen, room }: { readonly chosen: ScenarioName; readonly room: Room }) {
  const theme = useTheme();
  const isRoomy = room.rows > SCENARIOS.length * EXPLAINED_LINES;
  return (
    <Box flexDirection="column">
      <Text {...theme.strong}>What the server does when things go wrong</Text>
      {SCENARIOS.map((scenario) => (
        <Box key={scenario}>
          <Box width={NAME_WIDTH} flexShrink={0}>
            <Text inverse={scenario === chosen}>{`${scenario === chosen ? '▸' : ' '}${scenario}`}</Text>
          </Box>
          <Text {...theme.quiet} wrap={isRoomy || scenario === chosen ? 'wrap' : 'truncate'}>
            {EXPLAINED[scenario]}
          </Text>
        </Box>
      ))}
    </Box>
  );
}

/** Phases with what they came to; below them what is measured now, or the verdict. */
function Run({ state: { phases, samples, verdict }, room }: { readonly state: LabState; readonly room: Room }) {
  const theme = useTheme();
  const figures = samples.at(-1) ?? [];
  const below = verdict === undefined ? figures.length + 1 : verdict.checks.length + 1;
  const shown = phases.slice(-Math.max(1, Math.floor((room.rows - below) / 2)));
  return (
    <Box flexDirection="column">
      {shown.map(({ phase, title, explains, result }) => (
        <Box key={phase} flexDirection="column">
          <Text {...theme.strong} wrap="truncate">
            {`${result === undefined ? '▸' : '✓'} ${toPrintable(title)}`}
          </Text>
          <Text {...theme.quiet} wrap="truncate">
            {`  ${toPrintable(result === undefined ? explains : result.map(toText).join(' · '))}`}
          </Text>
        </Box>
      ))}
      {verdict === undefined ? (
        <Samples samples={samples} figures={figures} columns={room.columns} />
      ) : (
        <Checks verdict={verdict} />
      )}
    </Box>
  );
}

type SamplesProps = {
  readonly samples: LabState['samples'];
  readonly figures: readonly LabFigure[];
  readonly columns: number;
};

function Samples({ samples, figures, columns }: SamplesProps) {
  const theme = useTheme();
  const width = columns - NAME_WIDTH - 16;
  return figures.map((figure) => {
    const values = samples.map((sample) => sample.find(({ name }) => name === figure.name)?.value).slice(-width);
    return (
      <Box key={figure.name}>
        <Box width={NAME_WIDTH} paddingRight={1}>
          <Text {...theme.quiet} wrap="truncate">
            {`  ${figure.name}`}
          </Text>
        </Box>
        <Box width={16}>
          <Text>{toValue(figure)}</Text>
        </Box>
        <Text {...theme.bar}>{toBlockColumns(values, 1)[0]}</Text>
      </Box>
    );
  });
}

function Checks({ verdict }: { readonly verdict: Verdict }) {
  const theme = useTheme();
  return (
    <Box flexDirection="column">
      <Text {...(verdict.passed ? theme.good : theme.alert)}>{verdict.passed ? 'Passed' : 'Failed'}</Text>
      {verdict.checks.map(({ name, passed, expected, measured }) => (
        <Text key={name} {...(passed ? {} : theme.bad)} wrap="truncate">
          {`${passed ? '✓' : '✗'} ${toPrintable(name)}: ${toPrintable(measured)} (expected ${toPrintable(expected)})`}
        </Text>
      ))}
    </Box>
  );
}

function toText(figure: LabFigure): string {
  return `${figure.name} ${toValue(figure)}`;
}

function toValue({ value, unit }: LabFigure): string {
  if (unit === 'ms') return `${value} ms`;
  if (unit === 'per_second') return `${value}/s`;
  return unit === 'ratio' ? formatShare(value, 1) : String(value);
}
