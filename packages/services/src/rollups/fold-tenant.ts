import {
  lockFold,
  markFolded,
  mergeUserSets,
  readCalendar,
  type TenantRow,
  takeUserLog,
  withTenant,
} from '@tidemark/database';
import type { Resources } from '../resources.ts';
import { toSetDeltas } from './to-set-deltas.ts';

/** Log entries per transaction: a fold holds few locks for a short time, and frees them between. */
const MAX_ENTRIES = 20_000;

export type FoldResult = 'drained' | 'more' | 'busy';

/**
 * Merges the oldest log entries of a tenant into its user sets: taken and merged in one transaction, so a
 * user is in the log or in the sets, whenever the server dies. `busy`: another server is at it.
 */
export async function foldTenant(
  { database, calendars, clock }: Resources,
  { id }: Pick<TenantRow, 'id'>,
): Promise<FoldResult> {
  return await withTenant(database.ingest, id, 'write', async (transaction) => {
    if (!(await lockFold(transaction))) return 'busy';
    const { entries, isDrained } = await takeUserLog(transaction, MAX_ENTRIES);
    if (entries.length > 0) {
      const deltas = toSetDeltas(entries, calendars.of(await readCalendar(transaction)));
      await mergeUserSets(transaction, 'hour', deltas.hour);
      await mergeUserSets(transaction, 'day', deltas.day);
      await markFolded(transaction, clock());
    }
    return isDrained ? 'drained' : 'more';
  });
}
