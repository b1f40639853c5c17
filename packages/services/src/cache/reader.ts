import type { ActorContext } from '../context.ts';
import type { Reader } from './asked.ts';

/** Who asks once. */
export function toReader({ actor }: ActorContext): Reader {
  return {
    id: actor.keyId,
    mayWrite: actor.scopes.includes('events:write'),
    fresh: false,
    mayBeBehind: true,
    mayBeStaleMs: 0,
  };
}

/** The server, which asks for all who watch. */
export const WATCHING_READER: Reader = {
  id: '',
  mayWrite: false,
  fresh: false,
  mayBeBehind: false,
  mayBeStaleMs: 0,
};
