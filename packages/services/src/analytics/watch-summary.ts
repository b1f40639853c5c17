import type { Summary, SummaryQuery } from '@tidemark/schemas';
import type { TenantContext } from '../context.ts';
export async function* watchSummary(_ctx: TenantContext, _input: SummaryQuery & { lastEventId?: string | null | undefined }, _signal: AbortSignal | undefined): AsyncGenerator<{ id: string; summary: Summary }> { throw new Error('later'); }
