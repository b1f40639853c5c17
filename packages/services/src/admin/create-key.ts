import type { CreateKeyInput, CreatedKey } from '@tidemark/schemas';
import type { TenantContext } from '../context.ts';
export async function createKey(_ctx: TenantContext, _input: CreateKeyInput): Promise<CreatedKey> { throw new Error('later'); }
