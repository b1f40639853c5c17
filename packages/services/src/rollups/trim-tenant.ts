import {
  appendCommit,
  awaitFold,
  deleteEventsBefore,
  deleteRollupsBefore,
  encodeKeys,
  endTrimming,
  type Horizons,
  lockHead,
  readCalendar,
  readHorizons,
  storeHorizons,
  type TrimmingTenantRow,
  withTenant,
} from '@tidemark/database';
import { type Announced, announceCommit } from '../events/announce-commit.ts';
import type { Resources } from '../resources.ts';
import { toHorizons } from './to-horizons.ts';

/** Rows deleted per transaction: a fraction of a second, in which nobody waits for us. */
const MAX_STEP_ROWS = 10_000;

/**
 * One step of deleting what a tenant no longer keeps. First its horizons move, under the locks: from then on
 * nobody reads or writes what lies before them, so it can go in as many steps as it takes, whoever does them.
 */
export async function trimTenant(
  resources: Resources,
  tenant: TrimmingTenantRow,
  { maxRows = MAX_STEP_ROWS }: { readonly maxRows?: number } = {},
): Promise<'done' | 'more'> {
  const { database } = resources;
  const horizons = await moveHorizons(resources, tenant);
  const isDone = await withTenant(database.ingest, tenant.id, 'write', async (transaction) => {
    const { rawFrom, rollupsFrom } = horizons;
    const events = rawFrom === null ? 0 : await deleteEventsBefore(transaction, rawFrom, maxRows);
    if (events >= maxRows) return false;
    if (rollupsFrom === null) return true;
    const { days } = resources.calendars.of(await readCalendar(transaction));
    return await deleteRollupsBefore(
      transaction,
      { before: rollupsFrom, beforeDay: days.firstWholeDay(rollupsFrom) },
      maxRows,
    );
  });
  if (!isDone) return 'more';
  await endTrimming(database.directory, tenant);
  return 'done';
}

/** Moves the horizons to where the setting asks for them, and returns them. */
async function moveHorizons(resources: Resources, tenant: TrimmingTenantRow): Promise<Horizons> {
  const { database, clock } = resources;
  const { horizons, announced } = await withTenant(database.ingest, tenant.id, 'write', async (transaction) => {
    const current = await readHorizons(transaction);
    const wanted = toHorizons(tenant, current, clock());
    if (wanted.rawFrom === current.rawFrom && wanted.rollupsFrom === current.rollupsFrom) return { horizons: current };
    // A rebuild that reads raw rows holds the fold: they are all there until it ends.
    await awaitFold(transaction);
    const head = await lockHead(transaction);
    const moved = toHorizons(tenant, await readHorizons(transaction), clock());
    await storeHorizons(transaction, moved);
    const commit: Announced = { seq: head.seq, days: [] };
    await appendCommit(transaction, { ...commit, committedAt: clock(), keys: encodeKeys([]) });
    return { horizons: moved, announced: commit };
  });
  if (announced !== undefined) await announceCommit(resources, tenant.id, announced, []);
  return horizons;
}
