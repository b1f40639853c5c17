import type { EventPage, ListEventsQuery } from '@tidemark/schemas';
import type { TenantContext } from '../context.ts';
export async function listEvents(_ctx: TenantContext, _input: ListEventsQuery): Promise<EventPage> { throw new Error('later'); }
