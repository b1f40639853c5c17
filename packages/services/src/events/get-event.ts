import type { Event, EventKey } from '@tidemark/schemas';
import type { TenantContext } from '../context.ts';
export async function getEvent(_ctx: TenantContext, _input: EventKey): Promise<Event> { throw new Error('later'); }
