import { type Database, type FoldLag, findFoldLag } from '@tidemark/database';
import { type Health, type LoadLevel, toInstant } from '@tidemark/schemas';
import { type ActorContext, assertScope, type TenantContext } from '../context.ts';
import { isLate } from '../health/task-board.ts';
import { isOutage } from '../resilience/is-outage.ts';
import type { Resources } from '../resources.ts';
import { getCacheStats } from './get-cache-stats.ts';

/** Folding takes seconds under load; what waits longer than this waits for something that does not come. */
const MAX_FOLD_LAG_MS = 60_000;

/** How this server and the tenant's rollups do. Answers while the database is away as well. */
export async function getHealth(ctx: TenantContext): Promise<Health> {
  assertScope(ctx, 'admin:read');
  const { resources, tenant } = ctx;
  const now = resources.clock();
  const { lag, latencyMs } = await askDatabase(resources, tenant.id);
  const fold = lag && { lagMs: lag.since === null ? 0 : Math.max(0, now - lag.since), users: lag.users };
  const health: Omit<Health, 'status' | 'problems'> = {
    startedAt: toInstant(resources.startedAt),
    dependencies: {
      postgres: { status: lag === null ? 'down' : 'up', latencyMs },
      redis: { status: REDIS_STATUS[resources.bus.connectionState] },
    },
    breakers: Object.values(resources.breakers).map(({ health: state }) => state),
    load: resources.load.healthOf(tenant.id),
    limits: resources.limits.state,
    tasks: resources.tasks.list().map((task) => ({
      name: task.name,
      intervalMs: task.intervalMs,
      lastSuccessAt: task.lastSuccessAt === undefined ? null : toInstant(task.lastSuccessAt),
      isLate: isLate(task, now),
      lastError: task.lastError === undefined ? null : seesErrors(ctx) ? task.lastError : HIDDEN_ERROR,
    })),
    fold,
    rebuildingBefore: lag?.daysFrom ?? null,
    ingest: {
      eventsPerSecond: resources.ingestRate.perSecond,
      waitingEvents: resources.groupCommit.waitingEvents,
    },
    pools: { reads: toPool(resources.database.reads), ingest: toPool(resources.database.ingest) },
    streams: {
      watchedQuestions: resources.summaryHub.size,
      tailedTenants: resources.tailHub.size,
      subscribers: resources.summaryHub.watchers + resources.tailHub.readers,
    },
    cache: await getCacheStats(ctx),
  };
  const problems = findProblems(health, resources.load.level);
  return { status: problems.length === 0 ? 'ok' : 'degraded', problems, ...health };
}

/** Tasks walk all tenants, so what they failed with may name hosts, and values of others. */
export function seesErrors({ actor }: ActorContext): boolean {
  return actor.role === 'platform';
}

const HIDDEN_ERROR = 'it failed, and the log of the server says why';

async function askDatabase(
  { reads }: Resources,
  tenantId: string,
): Promise<{ lag: FoldLag | null; latencyMs: number | null }> {
  const started = performance.now();
  try {
    const lag = await reads.peek(tenantId, findFoldLag);
    return { lag, latencyMs: Math.round((performance.now() - started) * 10) / 10 };
  } catch (error) {
    if (!isOutage(error)) throw error;
    return { lag: null, latencyMs: null };
  }
}

function findProblems(
  { dependencies, breakers, load, tasks, fold }: Omit<Health, 'status' | 'problems'>,
  serverLevel: LoadLevel,
): string[] {
  const problems: string[] = [];
  if (dependencies.postgres.status === 'down') problems.push('PostgreSQL does not answer.');
  if (dependencies.redis.status === 'down') {
    problems.push(
      'Redis does not answer: this server uses its own cache, limits by its own count, and hears of other servers late.',
    );
  }
  for (const { name, state, since } of breakers) {
    if (state !== 'closed') problems.push(`${BREAKER_PROBLEMS[name]}, since ${since}.`);
  }
  if (load.level > 0) {
    const who = load.level > serverLevel ? 'This tenant asks more than its share answers' : 'This server is loaded';
    problems.push(`${who}, and ${LOAD_PROBLEMS[load.level]}: ${load.why.join(' ')}`);
  }
  for (const { name, isLate: late, lastSuccessAt, lastError } of tasks) {
    if (late)
      problems.push(
        `The task "${name}" has not ended well since ${lastSuccessAt ?? 'the start'}: ${lastError ?? 'it hangs or died'}.`,
      );
  }
  if (fold !== null && fold.lagMs > MAX_FOLD_LAG_MS) {
    problems.push(
      `Users of ${Math.round(fold.lagMs / 1_000)} s ago are not folded yet: answers are right, and slower.`,
    );
  }
  return problems;
}

const BREAKER_PROBLEMS = {
  reads: 'The database is not asked, since it did not answer: readers get what was kept',
  ingest: 'Events are refused, since the database did not answer',
} as const;

const LOAD_PROBLEMS = {
  0: '',
  1: 'questions of low priority get less',
  2: 'questions of low priority are refused, those of normal priority get less',
} as const;

const REDIS_STATUS = { connected: 'up', reconnecting: 'down', 'in-process': 'not_used' } as const;

function toPool({ totalCount, idleCount, waitingCount }: Database['reads']): Health['pools']['reads'] {
  return { open: totalCount, idle: idleCount, waiting: waitingCount };
}
