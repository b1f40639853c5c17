import type { Health } from '@tidemark/schemas';
import { formatCount, formatSeconds } from '../format-figures.ts';
import type { Cell } from './table.ts';
import { toTable } from './to-table.ts';

/** Health for a person: what is wrong first, then what it consists of. */
export function toHealthText(health: Health): string {
  const { status, problems, dependencies, load, fold, ingest, pools, streams, cache, limits } = health;
  const { postgres, redis } = dependencies;
  const rows: [string, Cell][] = [
    ['PostgreSQL', `${postgres.status}${postgres.latencyMs === null ? '' : `, ${postgres.latencyMs.toFixed(1)} ms`}`],
    ['Redis', redis.status.replaceAll('_', ' ')],
    ...health.breakers.map(({ name, state, openings }): [string, Cell] => [
      `breaker ${name}`,
      `${state}, opened ${openings} times`,
    ]),
    ['degradation level', `${load.level}${load.why.length === 0 ? '' : `: ${load.why.join('; ')}`}`],
    ['fold lag', fold === null ? 'unknown' : formatSeconds(fold.lagMs / 1_000)],
    ['ingest', `${ingest.eventsPerSecond.toFixed(1)} events/s, ${formatCount(ingest.waitingEvents)} waiting`],
    ...(['reads', 'ingest'] as const).map((name): [string, Cell] => [`pool ${name}`, toPool(pools[name])]),
    ['streams', `${streams.subscribers} of ${streams.watchedQuestions} questions and ${streams.tailedTenants} tails`],
    [
      'cache',
      `${cache.store}, ${cache.hitRate === null ? 'not asked yet' : `${(100 * cache.hitRate).toFixed(1)} % hits`}, ${formatCount(cache.size.entries)} answers`,
    ],
    ['limits', limits],
    ...health.tasks
      .filter(({ isLate }) => isLate)
      .map((task): [string, Cell] => [`task ${task.name}`, `late: ${task.lastError ?? 'no error'}`]),
  ];
  const head = [status, ...problems.map((problem) => `  ${problem}`)];
  return `${head.join('\n')}\n\n${toTable({ columns: ['', `up since ${health.startedAt}`], rows })}`;
}

function toPool({ open, idle, waiting }: Health['pools']['reads']): string {
  return `${open - idle} of ${open} connections busy, ${waiting} waiting`;
}
