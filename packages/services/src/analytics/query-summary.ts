import type { Summary, SummaryQuery } from '@tidemark/schemas';
import type { TenantContext } from '../context.ts';
export async function querySummary(_ctx: TenantContext, _input: SummaryQuery): Promise<Summary> { throw new Error('later'); }
