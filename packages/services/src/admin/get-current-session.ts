import type { CurrentSession } from '@tidemark/schemas';
import type { ActorContext } from '../context.ts';
export async function getCurrentSession(_ctx: ActorContext): Promise<CurrentSession> { throw new Error('later'); }
