import { addCounts, appendCommit, appendUserLog, type CommitRecord, type TenantTransaction } from '@tidemark/database';
import type { Deltas } from './count-deltas.ts';

/** Adds newly stored events to the counts and the user log and writes their commit's row, all sent at once. */
export async function recordEvents(
  transaction: TenantTransaction,
  commit: CommitRecord,
  deltas: Deltas,
): Promise<void> {
  await Promise.all([
    addCounts(transaction, 'quarter', deltas.quarter),
    addCounts(transaction, 'day', deltas.day),
    appendUserLog(transaction, commit.seq, deltas.users),
    appendCommit(transaction, commit),
  ]);
}
