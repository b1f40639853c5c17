import { BREAKER_STATES, type LoadSample } from '@tidemark/schemas';
import { Gauge, type Registry } from 'prom-client';
import type { Resources } from '../resources.ts';

type Reading = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** Lets a registry read, whenever it is scraped, how a server's shared parts are. */
export function observeResources(registry: Registry, resources: Resources): void {
  const { database, reads, breakers, load, answers, groupCommit, foldMarks, summaryHub, tailHub } = resources;
  const observe = (name: string, help: string, labelNames: string[], read: () => readonly Reading[]) => {
    const gauge: Gauge = new Gauge({
      name: `tidemark_${name}`,
      help,
      labelNames,
      registers: [registry],
      collect: () => {
        gauge.reset();
        for (const { labels, value } of read()) gauge.set(labels, value);
      },
    });
  };
  const observeOne = (name: string, help: string, read: () => number | null | undefined) =>
    observe(name, help, [], () => {
      const value = read();
      return value == null ? [] : [{ labels: {}, value }];
    });
  const ofSample = (read: (sample: LoadSample) => number | null) => () => {
    const { latest } = load;
    return latest && read(latest);
  };

  observe('pool_connections', 'Connections to PostgreSQL by pool and state.', ['pool', 'state'], () =>
    Object.entries(database.pools).flatMap(([pool, { totalCount, idleCount, waitingCount }]) => {
      const states = { busy: totalCount - idleCount, idle: idleCount, waited_for: waitingCount };
      return Object.entries(states).map(([state, value]) => ({ labels: { pool, state }, value }));
    }),
  );
  observe('questions', 'Questions that have their turn or wait for it.', ['state'], () => [
    { labels: { state: 'running' }, value: reads.turns.running },
    { labels: { state: 'waiting' }, value: reads.turns.waiting },
  ]);
  observe('breaker_state', '1 for the state that a breaker is in.', ['breaker', 'state'], () =>
    Object.values(breakers).flatMap(({ health: { name, state } }) =>
      BREAKER_STATES.map((one) => ({ labels: { breaker: name, state: one }, value: Number(one === state) })),
    ),
  );
  observe('breaker_openings', 'How often a breaker has opened since the start.', ['breaker'], () =>
    Object.values(breakers).map(({ health: { name, openings } }) => ({ labels: { breaker: name }, value: openings })),
  );
  observeOne('degradation_level', '0 normal, 1 elevated, 2 critical.', () => load.level);
  observe(
    'degraded_tenants',
    'Tenants that ask more than their share answers, by the level of their own.',
    ['level'],
    () =>
      ([1, 2] as const).map((level) => ({
        labels: { level: String(level) },
        value: load.tenantLevels.get(level) ?? 0,
      })),
  );
  observeOne(
    'event_loop_delay_seconds',
    'How late timers are, 90th percentile.',
    ofSample((s) => s.loopDelayMs / 1_000),
  );
  observeOne(
    'event_loop_utilisation',
    'The busy share of the event loop.',
    ofSample((s) => s.loopUtilisation),
  );
  observeOne(
    'ingest_waiting_events',
    'Events that wait for their commit or are in one.',
    () => groupCommit.waitingEvents,
  );
  observeOne('fold_lag_seconds', 'Since when users committed here wait to be folded.', () => foldMarks.lagMs / 1_000);
  observeOne('cached_answers', 'Answers in the memory of this server.', () => answers.store.held.entries);
  observe('subscribers', 'Streams that are being read, by kind.', ['kind'], () => [
    { labels: { kind: 'watch' }, value: summaryHub.watchers },
    { labels: { kind: 'tail' }, value: tailHub.readers },
  ]);
  observeOne('resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss());
}
