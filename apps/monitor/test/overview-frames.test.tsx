import { render } from 'ink-testing-library';
import { expect, test } from 'vitest';
import { Failure } from '../src/connection/failure.ts';
import type { OverviewAction, OverviewState } from '../src/overview/overview-state.ts';
import { OverviewView } from '../src/overview/overview-view.tsx';
import { reducePlace } from '../src/place/place.ts';
import { toTheme } from '../src/theme.ts';
import { ThemeContext } from '../src/theme-context.ts';
import { frameOf as frameOfView } from './frame-of.tsx';
import { answeredFixture, countedFixture, overviewFixture } from './overview-fixture.ts';
import { NO_SERVER, placeFixture } from './place-fixture.ts';
import { groupsFixture, summaryFixture } from './summary-fixture.ts';

function frameOf(
  state: OverviewState,
  { columns = 80, rows = 24, now = 1_000, place = placeFixture() } = {},
): string[] {
  return frameOfView(<OverviewView {...{ place, state, now, columns, rows }} />);
}

const KEYS = '1 Overview  2 Events  3 Breakdown  4 System  5 Lab        / filter ? help q quit';
const DROPPED: OverviewAction = { type: 'dropped', why: NO_SERVER };

test('80x24 shows the numbers, the chart, the types and where they come from', () => {
  const frame = frameOf(overviewFixture(answeredFixture(), countedFixture(100, 1_000), countedFixture(225, 11_000)));
  expect(frame).toEqual([
    'Tidemark  acme (1/2) · last 24h · Europe/Berlin                           ● live',
    '─'.repeat(80),
    'Events per second          Events, last 24h            Unique users',
    '12.5 ██                    2,760 ▲ 20.0%               20 ▼ 20.0%',
    'stored, last 10 s          2,300 before                25 before',
    '',
    'Events per hour                                                         peak 230',
    '                                                               ▂▂ ▅▅ ██',
    '                                                      ▂▂ ▅▅ ██ ██ ██ ██',
    '                                             ▂▂ ▅▅ ▇▇ ██ ██ ██ ██ ██ ██',
    '                                    ▁▁ ▄▄ ▇▇ ██ ██ ██ ██ ██ ██ ██ ██ ██',
    '                           ▁▁ ▄▄ ▇▇ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██',
    '                  ▁▁ ▃▃ ▆▆ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██',
    '            ▃▃ ▆▆ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██',
    '   ▃▃ ▆▆ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██ ██',
    '21 Nov, 18:00                22 Nov, 06:00                 22 Nov, 17:00',
    '',
    'Top types                                                 events  share   change',
    'view                  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━         1,380  50.0%   ▼ 8.0%',
    'search                ━━━━━━━━━━━━━━━━━━╸                    920  33.3%        =',
    'signup                ━━━━━━━━━╸                             460  16.7%      new',
    '',
    'exact · from rollup · as of 17:30:00 · computed now · 2.4 ms',
    KEYS,
  ]);
});

test('60x15 shows the same with less of each', () => {
  const frame = frameOf(overviewFixture(answeredFixture()), { columns: 60, rows: 15 });
  expect(frame).toHaveLength(15);
  expect(Math.max(...frame.map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(frame[0]).toBe('Tidemark  acme (1/2) · last 24h · Europe/Berlin       ● live');
  expect(frame.slice(9, 15)).toEqual([
    'Top types                             events  share   change',
    'view            ━━━━━━━━━━━━━━         1,380  50.0%   ▼ 8.0%',
    'search          ━━━━━━━━━╸               920  33.3%        =',
    'signup          ━━━━╸                    460  16.7%      new',
    'exact · from rollup · as of 17:30:00 · computed now · 2.4 ms',
    '1 Overview  2  3  4  5                / filter ? help q quit',
  ]);
});

test.each([
  [80, 24],
  [60, 15],
  [61, 20],
  [200, 50],
])('every line fits %sx%s, whatever the names are', (columns, rows) => {
  const groups = groupsFixture({ ['ü'.repeat(100)]: 999_999_999, '\u001b[2J👍': 3, other: 999_999_999 });
  const summary = summaryFixture({ totals: { events: 1_999_999_999, users: 999_999_999, groups } });
  const frame = frameOf(overviewFixture(answeredFixture({ summary }), DROPPED), { columns, rows });
  expect(frame).toHaveLength(rows);
  for (const line of frame) expect(line.length).toBeLessThanOrEqual(columns);
  expect(frame.join('\n')).not.toContain('\u001b');
});

test('a smaller terminal is told what is needed', () => {
  expect(frameOf(overviewFixture(answeredFixture()), { columns: 50, rows: 10 })).toEqual([
    '50x10 is too small: 60x15 is needed.',
  ]);
});

test('before the first answer it waits', () => {
  const frame = frameOf(overviewFixture()).join('\n');
  expect(frame).toContain('◌ connecting…');
  expect(frame).toContain('Waiting for the first answer…');
});

test('while the server is away the last numbers stay, with their age, and there is no rate', () => {
  const state = overviewFixture(answeredFixture(), countedFixture(1, 1_000), countedFixture(9, 2_000), DROPPED);
  const frame = frameOf(state, { now: 13_000 });
  expect(frame[0]).toMatch(/○ reconnecting… last data 12 s ago$/);
  expect(frame[3]).toMatch(/^– /);
  expect(frame[4]).toMatch(/^not connected +2,300 before/);
  expect(frame.at(-2)).toBe('No server at http://127.0.0.1:3001.');
});

test('a server that was never there is named, with what to do', () => {
  const frame = frameOf(overviewFixture(DROPPED)).join('\n');
  expect(frame).toContain('No server at http://127.0.0.1:3001.');
  expect(frame).toContain('Start one with: npm start   Trying again…');
});

test('back again, it says what came meanwhile, for a while', () => {
  const summary = summaryFixture({ totals: { events: 4_000, users: 20 } });
  const state = overviewFixture(answeredFixture(), DROPPED, answeredFixture({ summary, at: 60_000 }));
  expect(frameOf(state, { now: 61_000 }).at(-2)).toBe('back again: 1,240 events meanwhile');
  expect(frameOf(state, { now: 90_000 }).at(-2)).toMatch(/^exact · /);
});

test('a stream that is open but says nothing is not called live', () => {
  expect(frameOf(overviewFixture(answeredFixture()), { now: 31_000 })[0]).toMatch(/◌ silent for 30 s$/);
});

test('no events is an answer, not an empty chart', () => {
  const summary = summaryFixture({ totals: { events: 0, users: 0, groups: [] } });
  const frame = frameOf(overviewFixture(answeredFixture({ summary }))).join('\n');
  expect(frame).toContain('No events in the last 24h.');
  expect(frame).not.toContain('Top types');
});

test('a refusal says why', () => {
  const why = new Failure('The key was refused: it was revoked.', 'Give another with --key.');
  const frame = frameOf(overviewFixture(answeredFixture(), { type: 'refused', why })).join('\n');
  expect(frame).toContain('✗ refused');
  expect(frame).toContain('The key was refused: it was revoked.');
  expect(frame).toContain('Give another with --key.');
});

test('what is not exact says so', () => {
  const { meta } = summaryFixture();
  const summary = summaryFixture({ meta: { ...meta, exact: false, cache: { ...meta.cache, status: 'stale' } } });
  expect(frameOf(overviewFixture(answeredFixture({ summary }))).at(-2)).toMatch(/^NOT EXACT · from rollup/);
});

test('the help explains keys and numbers', () => {
  const frame = frameOf(overviewFixture(answeredFixture()), { place: placeFixture({ type: 'helpToggled' }) });
  expect(frame.join('\n')).toContain('r, R  i, I  next range, next interval; back');
  expect(frame.join('\n')).toContain('Events per second:');
  expect(frame.at(-1)).toBe(KEYS);
});

test('a wide terminal draws the rate of the last minute beside the range', () => {
  const seconds = Array.from({ length: 62 }, (_, second) => countedFixture(second * second, 1_000 + second * 1_000));
  const frame = frameOf(overviewFixture(answeredFixture(), ...seconds), { columns: 100, rows: 50 });
  expect(frame).toHaveLength(50);
  expect(frame[6]).toMatch(/^Events per hour .* peak 230 {3}Events per second +peak 12\d$/);
  expect(frame[22]).toMatch(/[⣀-⣿]{20}$/);
  expect(frame[23]).toMatch(/ {3}1 min ago +now$/);
});

test('the filter is said, and shown while it is typed, with what is wrong with it', () => {
  const filtered = placeFixture({ type: 'filtered', filters: { types: ['signup'], devices: [null] } });
  expect(frameOf(overviewFixture(answeredFixture()), { place: filtered })[0]).toMatch(
    /^Tidemark {2}acme \(1\/2\) · only signup device=none · last 24h · Europe/,
  );
  const typed = placeFixture({ type: 'filterOpened' }, { type: 'filterTyped', text: 'device=watch' });
  expect(frameOf(overviewFixture(answeredFixture()), { place: typed }).at(-1)).toBe('filter: device=watch');
  const entered = reducePlace(typed, { type: 'filterEntered' });
  expect(frameOf(overviewFixture(answeredFixture()), { place: entered }).at(-2)).toMatch(/^devices: /);
});

test('colours can be done without: no escape but bold, dim and inverse', () => {
  const { lastFrame, unmount } = render(
    <ThemeContext value={toTheme(true)}>
      <OverviewView
        place={placeFixture()}
        state={overviewFixture(answeredFixture(), DROPPED)}
        now={1_000}
        columns={80}
        rows={24}
      />
    </ThemeContext>,
  );
  const styles = (lastFrame() ?? '').split('\u001b[').slice(1);
  unmount();
  for (const style of styles) expect(style).toMatch(/^(?:1|2|7|22|27)m/);
});
