import type { IngestInput, IngestOutput } from '@tidemark/schemas';
import type { TenantContext } from '../context.ts';
export async function ingestEvents(_ctx: TenantContext, _input: IngestInput): Promise<IngestOutput> { throw new Error('later'); }
