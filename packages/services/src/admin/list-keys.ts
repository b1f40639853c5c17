import type { ApiKey } from '@tidemark/schemas';
import type { TenantContext } from '../context.ts';
export async function listKeys(_ctx: TenantContext): Promise<ApiKey[]> { throw new Error('later'); }
