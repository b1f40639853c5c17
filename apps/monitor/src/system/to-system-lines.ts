import type { Health } from '@tidemark/schemas';
import { formatCount, formatPerSecond, formatShare } from '../format/format-number.ts';
import { formatAge } from '../format/format-time.ts';

/** One line about a part of the server; `bad` asks for a hand, or will. */
export type SystemLine = { readonly name: string; readonly text: string; readonly state: 'good' | 'bad' | 'plain' };

/** What a server is made of and how each part does, what matters most first. */
export function toSystemLines(health: Health, now: number): SystemLine[] {
  const { dependencies, breakers, load, fold, ingest, pools, streams, cache, limits, tasks, rebuildingBefore } = health;
  return [
    ...health.problems.map((text) => toLine('problem', text, 'bad')),
    toPostgres(dependencies.postgres),
    toLine('Redis', dependencies.redis.status.replace('_', ' '), toState(dependencies.redis.status !== 'down')),
    ...breakers.map((breaker) => toBreaker(breaker, now)),
    toLoad(load),
    toFold(fold),
    toLine(
      'ingest',
      `${formatPerSecond(ingest.eventsPerSecond)} events/s, ${formatCount(ingest.waitingEvents)} waiting`,
    ),
    ...(['reads', 'ingest'] as const).map((name) => toPool(name, pools[name])),
    toCache(cache),
    toLine(
      'streams',
      `${streams.subscribers} of ${streams.watchedQuestions} questions and ${streams.tailedTenants} tails`,
    ),
    toLine('limits', limits, toState(limits !== 'per-server')),
    ...tasks.map((task) => toTask(task, now)),
    ...(rebuildingBefore === null ? [] : [toLine('rebuild', `days before ${rebuildingBefore} are being made anew`)]),
  ];
}

function toLine(name: string, text: string, state: SystemLine['state'] = 'plain'): SystemLine {
  return { name, text, state };
}

function toState(isGood: boolean): SystemLine['state'] {
  return isGood ? 'good' : 'bad';
}

function toPostgres({ status, latencyMs }: Health['dependencies']['postgres']): SystemLine {
  return toLine(
    'PostgreSQL',
    latencyMs === null ? status : `${status}, ${latencyMs.toFixed(1)} ms`,
    toState(status === 'up'),
  );
}

function toBreaker({ name, state, since, openings, lastFailure }: Health['breakers'][number], now: number): SystemLine {
  const why = state === 'closed' || lastFailure === null ? '' : `: ${lastFailure}`;
  const text = `${state} for ${formatAge(now - Date.parse(since))}, opened ${openings} times${why}`;
  return toLine(`breaker ${name}`, text, toState(state === 'closed'));
}

function toLoad({ level, why, sample }: Health['load']): SystemLine {
  const measured =
    sample === null
      ? ''
      : `, loop ${sample.loopDelayMs.toFixed(0)} ms late and ${formatShare(sample.loopUtilisation, 1)} busy, waiting ${sample.waitingMs.toFixed(0)} ms, for own turns ${sample.ownWaitMs.toFixed(0)} ms`;
  return toLine('level', `${level}${why.length === 0 ? '' : ` (${why.join('; ')})`}${measured}`, toState(level === 0));
}

function toFold(fold: Health['fold']): SystemLine {
  if (fold === null) return toLine('fold lag', 'the database cannot tell', 'bad');
  return toLine(
    'fold lag',
    `${(fold.lagMs / 1_000).toFixed(1)} s, ${formatCount(fold.users)} users waiting`,
    toState(fold.lagMs < 60_000),
  );
}

function toPool(name: string, { open, idle, waiting }: Health['pools']['reads']): SystemLine {
  return toLine(`pool ${name}`, `${open - idle} of ${open} busy, ${waiting} waiting`, waiting > 0 ? 'bad' : 'plain');
}

function toCache({ store, hits, misses, stale, hitRate, size }: Health['cache']): SystemLine {
  const rate = hitRate === null ? '' : ` (${formatShare(hitRate, 1)})`;
  const text = `${store}, ${formatCount(hits)} hits${rate}, ${formatCount(misses)} misses, ${formatCount(stale)} stale, ${formatCount(size.entries)} kept`;
  return toLine('cache', text);
}

function toTask({ name, lastSuccessAt, isLate, lastError }: Health['tasks'][number], now: number): SystemLine {
  const last = lastSuccessAt === null ? 'not yet' : `${formatAge(now - Date.parse(lastSuccessAt))} ago`;
  return toLine(`task ${name}`, `${last}${lastError === null ? '' : `, ${lastError}`}`, toState(!isLate));
}
