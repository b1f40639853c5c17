import type { Summary, SummaryQuery } from '@tidemark/schemas';
import { toReader } from '../cache/reader.ts';
import { assertScope, type TenantContext } from '../context.ts';
import { withReadFaults } from '../with-read-faults.ts';
import { answerSummary } from './answer-summary.ts';

/** Events and exact distinct users of a range, whole and by bucket, from the rollups where they reach. */
export async function querySummary(ctx: TenantContext, input: SummaryQuery): Promise<Summary> {
  assertScope(ctx, 'analytics:read');
  const { resources, tenant, priority } = ctx;
  const { value } = await withReadFaults(() =>
    answerSummary(resources, tenant, input, { reader: toReader(ctx), priority }),
  );
  return value;
}
