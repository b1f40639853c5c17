import type { CreateTenantInput, Tenant } from '@tidemark/schemas';
import type { ActorContext } from '../context.ts';
export async function createTenant(_ctx: ActorContext, _input: CreateTenantInput): Promise<Tenant> { throw new Error('later'); }
