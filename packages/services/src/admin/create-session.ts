import type { CreateSessionInput, CreatedSession } from '@tidemark/schemas';
import type { AnonymousContext } from '../context.ts';
export async function createSession(_ctx: AnonymousContext, _input: CreateSessionInput): Promise<CreatedSession> { throw new Error('later'); }
