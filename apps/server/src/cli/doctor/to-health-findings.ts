import type { Health } from '@tidemark/schemas';
import { bad, careful, type Finding, ok } from './finding.ts';

const SLOW_DATABASE_MS = 100;
const LONG_FOLD_LAG_MS = 60_000;

/** What the server says of itself, with what to do about it. */
export function toHealthFindings(health: Health): Finding[] {
  return [
    toPostgres(health.dependencies.postgres),
    toRedis(health),
    ...health.breakers.map(toBreaker),
    toLoad(health.load),
    toFold(health.fold),
    ...health.tasks.filter(({ isLate }) => isLate).map(toLateTask),
  ];
}

function toPostgres({ status, latencyMs }: Health['dependencies']['postgres']): Finding {
  if (status === 'down')
    return bad('PostgreSQL', 'away', 'See DATABASE_URL, its log and its disk; nothing else needs a hand.');
  if (latencyMs !== null && latencyMs > SLOW_DATABASE_MS) {
    const remedy = 'See how busy it is, and put it near the servers.';
    return careful('PostgreSQL', `takes ${Math.round(latencyMs)} ms for the shortest question`, remedy);
  }
  return ok('PostgreSQL', `answers in ${latencyMs?.toFixed(1) ?? '?'} ms`);
}

function toRedis({ dependencies, limits }: Health): Finding {
  const { status } = dependencies.redis;
  if (status === 'down') {
    return bad(
      'Redis',
      'away: each server counts limits and caches for itself',
      'See REDIS_URL; it comes back by itself.',
    );
  }
  if (status === 'not_used') return ok('Redis', 'not used: right for one server, and more than one need it');
  return ok('Redis', `connected, limits ${limits}`);
}

function toBreaker({ name, state, lastFailure }: Health['breakers'][number]): Finding {
  const what = `breaker ${name}`;
  if (state === 'closed') return ok(what, 'closed');
  return bad(
    what,
    `${state}: ${lastFailure ?? 'no reason known'}`,
    'It closes by itself when the database answers again.',
  );
}

function toLoad({ level, why }: Health['load']): Finding {
  if (level === 0) return ok('load', 'level 0: everything is served');
  return careful('load', `level ${level}: ${why.join('; ')}`, 'Add a server, or give this one more of a processor.');
}

function toFold(fold: Health['fold']): Finding {
  if (fold === null) return careful('fold', 'the database cannot tell', 'Ask again when PostgreSQL is back.');
  if (fold.lagMs <= LONG_FOLD_LAG_MS)
    return ok('fold', `${fold.users} users wait, for ${(fold.lagMs / 1_000).toFixed(1)} s`);
  const found = `users wait for ${Math.round(fold.lagMs / 1_000)} s to be folded`;
  return careful('fold', found, 'Numbers stay right and get slower: see the log for what keeps the fold.');
}

function toLateTask({ name, lastError }: Health['tasks'][number]): Finding {
  return bad(`task ${name}`, `late: ${lastError ?? 'it has not ended'}`, "See the server's log.");
}
