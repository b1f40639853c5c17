import type { ActorContext } from '../context.ts';
import type { Reader } from './asked.ts';

/** Who asks once. */
export function toReader({ actor }: ActorContext): Reader {
  return { id: actor.keyId, mayWrite: actor.scopes.includes('events:write'), fresh: false, atLeast: 0 };
}

/** The server, which asks for all who watch, and has heard of a commit. */
export function toWatchingReader(atLeast: number): Reader {
  return { id: '', mayWrite: false, fresh: false, atLeast };
}
