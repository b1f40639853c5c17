import type { Health, LabMessage } from '@tidemark/schemas';
import { expect, test } from 'vitest';
import { CHOOSING, type LabAction, reduceLab } from '../src/lab/lab-state.ts';
import { LabView } from '../src/lab/lab-view.tsx';
import { reduceSystem, UNKNOWN_HEALTH } from '../src/system/system-state.ts';
import { SystemView } from '../src/system/system-view.tsx';
import { frameOf } from './frame-of.tsx';
import { placeFixture } from './place-fixture.ts';

const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const SINCE = '2026-11-22T09:59:00.000Z';

function healthFixture(unusual: Partial<Health> = {}): Health {
  return {
    status: 'ok',
    problems: [],
    startedAt: '2026-11-22T09:00:00.000Z',
    dependencies: { postgres: { status: 'up', latencyMs: 1.25 }, redis: { status: 'up' } },
    breakers: [{ name: 'reads', state: 'closed', since: SINCE, openings: 2, lastFailure: null }],
    load: { level: 0, since: SINCE, why: [], sample: null },
    limits: 'shared',
    tasks: ['fold', 'sweep', 'rebuild', 'trim', 'keyUses', 'load', 'prune'].map((name) => ({
      name,
      intervalMs: 1_000,
      lastSuccessAt: SINCE,
      isLate: false,
      lastError: null,
    })),
    fold: { lagMs: 300, users: 12 },
    rebuildingBefore: null,
    ingest: { eventsPerSecond: 1_234, waitingEvents: 5 },
    pools: { reads: { open: 6, idle: 4, waiting: 0 }, ingest: { open: 2, idle: 2, waiting: 0 } },
    streams: { watchedQuestions: 3, tailedTenants: 1, subscribers: 9 },
    cache: {
      store: 'redis',
      hits: 90,
      misses: 10,
      stale: 1,
      tiers: {
        realtime: { hits: 80, misses: 9, stale: 1, ttlMs: 30_000 },
        recent: { hits: 10, misses: 1, stale: 0, ttlMs: 300_000 },
        historical: { hits: 0, misses: 0, stale: 0, ttlMs: 3_600_000 },
      },
      computations: 10,
      invalidations: 4,
      hitRate: 0.9,
      size: { entries: 42, bytes: 1_000 },
    },
    ...unusual,
  };
}

function systemFrame(health: Health, { columns = 80, rows = 24 } = {}): string[] {
  const state = reduceSystem(UNKNOWN_HEALTH, { type: 'told', health, at: NOW });
  const place = placeFixture({ type: 'viewChosen', view: 'system' });
  return frameOf(<SystemView place={place} state={state} now={NOW} columns={columns} rows={rows} />);
}

test('the system in 80x24: every part in a line', () => {
  const text = systemFrame(healthFixture()).join('\n');
  expect(text).toMatch(/^● PostgreSQL +up, 1\.3 ms$/m);
  expect(text).toMatch(/^● breaker reads +closed for 60 s, opened 2 times$/m);
  expect(text).toMatch(/^● fold lag +0\.3 s, 12 users waiting$/m);
  expect(text).toMatch(/^ {2}ingest +1,234 events\/s, 5 waiting$/m);
  expect(text).toMatch(/^ {2}cache +redis, 90 hits \(90\.0%\), 10 misses, 1 stale, 42 kept$/m);
  expect(text).toMatch(/^ok, up for 60 min$/m);
});

test('the system in 60x15: what is wrong is never what does not fit', () => {
  const ill = healthFixture({
    status: 'degraded',
    problems: ['PostgreSQL does not answer.'],
    dependencies: { postgres: { status: 'down', latencyMs: null }, redis: { status: 'down' } },
    breakers: [{ name: 'ingest', state: 'open', since: SINCE, openings: 1, lastFailure: 'refused \u001b[2J' }],
    load: { level: 2, since: SINCE, why: ['the event loop is late'], sample: null },
    fold: null,
    tasks: [{ name: 'prune', intervalMs: 1_000, lastSuccessAt: null, isLate: true, lastError: 'no connection' }],
  });
  const frame = systemFrame(ill, { columns: 60, rows: 15 });
  expect(frame).toHaveLength(15);
  for (const line of frame) expect(line.length).toBeLessThanOrEqual(60);
  const names = frame.filter((line) => line.startsWith('✗')).map((line) => line.slice(2, 20).trim());
  expect(names).toEqual(['problem', 'PostgreSQL', 'Redis', 'breaker ingest', 'level', 'fold lag', 'task prune']);
  expect(frame.join('\n')).toMatch(/^degraded, up for/m);
});

function labFrame(actions: readonly LabAction[], { columns = 80, rows = 24 } = {}): string[] {
  const place = placeFixture({ type: 'viewChosen', view: 'lab' });
  const state = actions.reduce(reduceLab, CHOOSING);
  return frameOf(<LabView place={place} state={state} now={NOW} columns={columns} rows={rows} />);
}

const tell = (message: LabMessage): LabAction => ({ type: 'told', message, at: NOW });
const phase = (name: string) => tell({ type: 'phase', phase: name, title: `Phase ${name}`, explains: 'what is done' });
const figures = [{ name: 'requests', value: 34, unit: 'per_second' }] as const;

test('the lab: choose, run, verdict', () => {
  expect(labFrame([{ type: 'stepped', by: 1 }]).join('\n')).toMatch(/^▸graceful_degradation /m);
  const running: LabAction[] = [
    { type: 'started' },
    phase('a'),
    tell({ type: 'result', phase: 'a', figures: [...figures] }),
    phase('b'),
    tell({ type: 'sample', phase: 'b', elapsedMs: 500, figures: [...figures] }),
  ];
  const text = labFrame(running, { columns: 60, rows: 15 }).join('\n');
  expect(text).toMatch(/^✓ Phase a\n {2}requests 34\/s\n▸ Phase b\n {2}what is done\n {2}requests +34\/s +█$/m);
  const checks = [
    { name: 'no gap', passed: true, expected: '0', measured: '0' },
    { name: 'fast', passed: false, expected: '< 10 ms', measured: '12 ms' },
  ];
  const done = labFrame([...running, tell({ type: 'verdict', passed: false, checks, tookMs: 1_500 })]).join('\n');
  expect(done).toMatch(/^Failed\n✓ no gap: 0 \(expected 0\)\n✗ fast: 12 ms \(expected < 10 ms\)$/m);
  expect(done).toMatch(/^FAILED in 1\.5 s · enter again/m);
});

test('the lab explains every scenario whole where there are rows for it, else the chosen one', () => {
  const text = labFrame([], { columns: 60, rows: 24 }).join(' ').replaceAll(/\s+/g, ' ');
  expect(text).not.toContain('…');
  for (const end of ['come again', 'TIDEMARK_LAB=1)', 'out of date', 'it recovers', 'within a second']) {
    expect(text).toContain(end);
  }
  const low = labFrame([], { columns: 60, rows: 15 }).join(' ').replaceAll(/\s+/g, ' ');
  expect(low).toContain('out of date');
  expect(low).not.toContain('it recovers');
});

test('a run that was left tells no more', () => {
  const left = [{ type: 'started' }, phase('a'), { type: 'stopped' }, phase('b')] as const;
  expect(left.reduce<typeof CHOOSING>(reduceLab, CHOOSING)).toMatchObject({ stage: 'choosing', phases: [] });
});

test.each([
  [80, 24],
  [60, 15],
  [200, 50],
])('system and lab fit %sx%s, whatever they have to say', (columns, rows) => {
  const long = 'because of '.repeat(40);
  const ill = healthFixture({ problems: [long], load: { level: 1, since: SINCE, why: [long, long], sample: null } });
  const told = Array.from({ length: 40 }, (_, index) => phase(`${index} ${long}`));
  for (const frame of [
    systemFrame(ill, { columns, rows }),
    labFrame([], { columns, rows }),
    labFrame([{ type: 'started' }, ...told], { columns, rows }),
  ]) {
    expect(frame).toHaveLength(rows);
    for (const line of frame) expect(line.length).toBeLessThanOrEqual(columns);
  }
});
