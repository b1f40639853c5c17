import type { Bus } from '@tidemark/redis';
import type { AnswerCache } from '../cache/answer-cache.ts';
import { ROOT_TAG, toRenewals } from '../cache/time-tags.ts';

/** A commit's place in its tenant's order and the UTC days it touched; no day: anything may have changed. */
export type Announced = { readonly seq: number; readonly days: readonly string[] };

/**
 * Tells the cache, and then every server's watchers, of a commit. To be done before it is acknowledged to
 * `readers` (ids of API keys), so that whoever asks after that finds it.
 */
export async function announceCommit(
  { bus, answers }: { readonly bus: Bus; readonly answers: AnswerCache },
  tenantId: string,
  { seq, days }: Announced,
  readers: readonly string[],
): Promise<void> {
  await answers.apply({ tenantId, seq, tags: days.length === 0 ? [ROOT_TAG] : toRenewals(days), readers });
  bus.publish({ tenantId, seq, days: [...days] });
}
