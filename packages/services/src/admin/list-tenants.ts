import type { Tenant } from '@tidemark/schemas';
import type { ActorContext } from '../context.ts';
export async function listTenants(_ctx: ActorContext): Promise<Tenant[]> { throw new Error('later'); }
