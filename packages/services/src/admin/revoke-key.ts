import type { ApiKey } from '@tidemark/schemas';
import type { TenantContext } from '../context.ts';
export async function revokeKey(_ctx: TenantContext, _input: { id: string }): Promise<ApiKey> { throw new Error('later'); }
