import {
  dropEmptyPartitions,
  listRebuildingTenantRows,
  listTenantRows,
  listTrimmingTenantRows,
  markTrimming,
  NO_TENANT,
  pruneAuditLog,
  pruneCommits,
  pruneSessions,
  type TenantRow,
  withTenant,
} from '@tidemark/database';
import { DAY_MS, HOUR_MS } from '../calendar/days.ts';
import { RESUMABLE_MS } from '../events/tail-place.ts';
import { pause } from '../pause.ts';
import { SAMPLE_INTERVAL_MS } from '../resilience/load-monitor.ts';
import type { Resources } from '../resources.ts';
import { foldTenant } from './fold-tenant.ts';
import { rebuildTenant } from './rebuild-tenant.ts';
import { trimTenant } from './trim-tenant.ts';

/** How often this server folds what it has committed … */
const FOLD_INTERVAL_MS = 1_000;
/** … and looks at every tenant, for what a server that died has left behind. */
const SWEEP_INTERVAL_MS = 30_000;
/** How often it looks for tenants whose zone has changed. */
const REBUILD_INTERVAL_MS = 1_000;
/** How often it looks for tenants with something to delete. */
const TRIM_INTERVAL_MS = 1_000;
const PRUNE_INTERVAL_MS = 10 * 60_000;
/** How often this server writes down which keys were used; of each, at most once a minute. */
const KEY_USES_INTERVAL_MS = 10_000;
/** A little longer than streams may be resumed, since the clocks of servers differ. */
const COMMITS_KEPT_MS = RESUMABLE_MS + HOUR_MS;

/** More than a year, so that the same season can be compared; then nobody asks any more. */
const AUDIT_KEPT_MS = 400 * DAY_MS;

/** Partitions so young are not dropped, though empty: what is sent late would have them made again. */
const PARTITIONS_KEPT_MS = 62 * DAY_MS;

export type MaintenanceOptions = {
  /** Told of every round that failed; the loop goes on. */
  readonly onError: (task: string, error: unknown) => void;
};

/** Starts the background work of a server; several servers may do it at once. */
export function startMaintenance(resources: Resources, { onError }: MaintenanceOptions): AsyncDisposable {
  const { tasks, clock, load } = resources;
  const stopping = new AbortController();
  const loop = async (task: string, intervalMs: number, round: () => Promise<void>) => {
    tasks.begin(task, intervalMs, clock());
    while (!stopping.signal.aborted) {
      try {
        await round();
        tasks.succeeded(task, clock());
      } catch (error) {
        tasks.failed(task, error);
        onError(task, error);
      }
      await pause(intervalMs, stopping.signal);
    }
  };
  const loops = Promise.all([
    loop('fold', FOLD_INTERVAL_MS, () => foldMarked(resources, stopping.signal)),
    loop('sweep', SWEEP_INTERVAL_MS, () => foldAll(resources, stopping.signal)),
    loop('rebuild', REBUILD_INTERVAL_MS, () => rebuildAll(resources, stopping.signal)),
    loop('trim', TRIM_INTERVAL_MS, () => trimAll(resources, stopping.signal)),
    loop('keyUses', KEY_USES_INTERVAL_MS, () => resources.keyUses.flush()),
    loop('load', SAMPLE_INTERVAL_MS, async () => load.sample()),
    loop('prune', PRUNE_INTERVAL_MS, () => pruneAll(resources, stopping.signal)),
  ]);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await loops;
      load[Symbol.dispose]();
    },
  };
}

/** Folds the log of every tenant. */
export async function foldAll(resources: Resources, signal?: AbortSignal): Promise<void> {
  await foldEach(resources, await listTenantRows(resources.database.directory), signal);
}

async function foldMarked(resources: Resources, signal: AbortSignal): Promise<void> {
  const marked = resources.foldMarks.take();
  if (marked.size === 0) return;
  const tenants = await listTenantRows(resources.database.directory);
  await foldEach(
    resources,
    tenants.filter(({ id }) => marked.has(id)),
    signal,
  );
}

async function foldEach(resources: Resources, tenants: readonly TenantRow[], signal?: AbortSignal): Promise<void> {
  await byTurns(tenants, signal, async (tenant) => {
    try {
      return (await foldTenant(resources, tenant)) === 'more';
    } catch (error) {
      resources.foldMarks.remark(tenant.id);
      throw error;
    }
  });
}

/** Brings the rollups of every tenant whose zone has changed to its calendar. */
async function rebuildAll(resources: Resources, signal: AbortSignal): Promise<void> {
  await byTurns(await listRebuildingTenantRows(resources.database.directory), signal, async (tenant) => {
    const result = await rebuildTenant(resources, tenant);
    // The steps hold what the fold needs, so that it would find its turn between them by chance alone.
    await foldTenant(resources, tenant);
    return result === 'more';
  });
}

/** Works by turns until no tenant has more to do, so that a busy one keeps no other waiting; nor does a failing one. */
async function byTurns<Tenant>(
  tenants: readonly Tenant[],
  signal: AbortSignal | undefined,
  takeTurn: (tenant: Tenant) => Promise<boolean>,
): Promise<void> {
  const failures: unknown[] = [];
  let left = [...tenants];
  while (left.length > 0 && signal?.aborted !== true) {
    const unfinished: Tenant[] = [];
    for (const tenant of left) {
      try {
        if (await takeTurn(tenant)) unfinished.push(tenant);
      } catch (error) {
        failures.push(error);
      }
    }
    left = unfinished;
  }
  if (failures.length > 0) throw new AggregateError(failures, 'the work of some tenants failed');
}

/** Deletes what tenants no longer keep. */
async function trimAll(resources: Resources, signal: AbortSignal): Promise<void> {
  await byTurns(await listTrimmingTenantRows(resources.database.directory), signal, async (tenant) => {
    return (await trimTenant(resources, tenant)) === 'more';
  });
}

async function pruneAll(resources: Resources, signal: AbortSignal): Promise<void> {
  const { database, clock, partitions } = resources;
  const now = clock();
  await partitions.ensureAhead(now);
  await pruneSessions(database.directory, now);
  await markTrimming(database.directory);
  await dropEmptyPartitions(database.owner, toMonth(now - PARTITIONS_KEPT_MS));
  partitions.forget();
  const tenants = await listTenantRows(database.directory);
  await byTurns([NO_TENANT, ...tenants.map(({ id }) => id)], signal, async (id) => {
    await withTenant(database.ingest, id, 'write', async (transaction) => {
      await pruneCommits(transaction, now - COMMITS_KEPT_MS);
      await pruneAuditLog(transaction, now - AUDIT_KEPT_MS);
    });
    return false;
  });
}

function toMonth(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 7);
}
