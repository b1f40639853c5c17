import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Health } from '@tidemark/schemas';
import { expect, test } from 'vitest';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { probeAddress } from '../../src/cli/doctor/probe-address.ts';
import { toHealthFindings } from '../../src/cli/doctor/to-health-findings.ts';

type Answers = { readonly healthz: number; readonly readyz: number; readonly clockMs?: number };

/** What the doctor finds at an address that answers so. */
async function findingsOf({ healthz, readyz, clockMs = 0 }: Answers): Promise<Finding[]> {
  const server = createServer(({ url }, response) => {
    response.setHeader('date', new Date(Date.now() + clockMs).toUTCString());
    response.writeHead(url === '/healthz' ? healthz : readyz).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await Array.fromAsync(probeAddress(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  } finally {
    server.close();
  }
}

/** What is not as it should be. */
const ills = (findings: readonly Finding[]) => findings.flatMap((one) => (one.state === 'ok' ? [] : [one]));

test('an address: another program, a dashboard, a database that is away, clocks that disagree', async () => {
  const [other, dashboard, away, late, well] = await Promise.all([
    findingsOf({ healthz: 404, readyz: 404 }),
    findingsOf({ healthz: 200, readyz: 404 }),
    findingsOf({ healthz: 200, readyz: 503 }),
    findingsOf({ healthz: 200, readyz: 200, clockMs: -3_600_000 }),
    findingsOf({ healthz: 200, readyz: 200 }),
  ]);
  expect(ills(other)).toMatchObject([
    { what: 'server', state: 'bad', remedy: expect.stringContaining('TIDEMARK_PORT') },
  ]);
  expect(ills(dashboard)).toMatchObject([
    { what: 'server', state: 'bad', remedy: expect.stringContaining('dashboard') },
  ]);
  expect(ills(away)).toMatchObject([{ what: 'readiness', remedy: expect.stringContaining('DATABASE_URL') }]);
  expect(ills(late)).toMatchObject([{ what: 'clocks', found: expect.stringMatching(/ 3[56]\d\d s off/) }]);
  expect(ills(well)).toEqual([]);
});

const WELL: Health = {
  status: 'ok',
  problems: [],
  startedAt: '2026-11-22T09:00:00.000Z',
  dependencies: { postgres: { status: 'up', latencyMs: 1 }, redis: { status: 'up' } },
  breakers: [{ name: 'reads', state: 'closed', since: '2026-11-22T09:00:00.000Z', openings: 0, lastFailure: null }],
  load: { level: 0, since: '2026-11-22T09:00:00.000Z', why: [], sample: null },
  limits: 'shared',
  tasks: [{ name: 'fold', intervalMs: 1_000, lastSuccessAt: null, isLate: false, lastError: null }],
  fold: { lagMs: 100, users: 1 },
  rebuildingBefore: null,
  ingest: { eventsPerSecond: 0, waitingEvents: 0 },
  pools: { reads: { open: 1, idle: 1, waiting: 0 }, ingest: { open: 1, idle: 1, waiting: 0 } },
  streams: { watchedQuestions: 0, tailedTenants: 0, subscribers: 0 },
  cache: {
    store: 'redis',
    hits: 0,
    misses: 0,
    stale: 0,
    tiers: {
      realtime: { hits: 0, misses: 0, stale: 0, ttlMs: 30_000 },
      recent: { hits: 0, misses: 0, stale: 0, ttlMs: 300_000 },
      historical: { hits: 0, misses: 0, stale: 0, ttlMs: 3_600_000 },
    },
    computations: 0,
    invalidations: 0,
    hitRate: 0,
    size: { entries: 0, bytes: 0 },
  },
};

const SINCE = '2026-11-22T09:00:00.000Z';
test.each<[string, Partial<Health>, string]>([
  [
    'PostgreSQL is away',
    { dependencies: { ...WELL.dependencies, postgres: { status: 'down', latencyMs: null } } },
    'PostgreSQL',
  ],
  [
    'PostgreSQL is slow',
    { dependencies: { ...WELL.dependencies, postgres: { status: 'up', latencyMs: 150 } } },
    'PostgreSQL',
  ],
  ['Redis is away', { dependencies: { ...WELL.dependencies, redis: { status: 'down' } } }, 'Redis'],
  [
    'a breaker is open',
    { breakers: [{ name: 'ingest', state: 'open', since: SINCE, openings: 1, lastFailure: 'refused' }] },
    'breaker ingest',
  ],
  ['it sheds load', { load: { level: 1, since: SINCE, why: ['the event loop is late'], sample: null } }, 'load'],
  ['the fold lags', { fold: { lagMs: 120_000, users: 9 } }, 'fold'],
  [
    'a task is late',
    { tasks: [{ name: 'trim', intervalMs: 1_000, lastSuccessAt: null, isLate: true, lastError: 'no' }] },
    'task trim',
  ],
])('a server where %s is told so, with what to do, and nothing else', (_what, ill, name) => {
  expect(ills(toHealthFindings(WELL))).toEqual([]);
  const found = ills(toHealthFindings({ ...WELL, ...ill }));
  expect(found).toMatchObject([{ what: name, remedy: expect.stringMatching(/.{10,}/) }]);
});
