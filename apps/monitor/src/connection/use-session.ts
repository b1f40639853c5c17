import { isPassing, toBackoffMs, toTidemarkError } from '@tidemark/client';
import { useEffect, useState } from 'react';
import { Failure } from './failure.ts';
import { openSession, type Session, type SessionWish } from './open-session.ts';
import { toFailure } from './to-failure.ts';

/**
 * opening ──▶ open
 *    │  └──▶ refused
 *    └──▶ waiting (for a server that is not there yet) ──▶ open | refused
 */
export type SessionState =
  | { readonly phase: 'opening' }
  | { readonly phase: 'waiting'; readonly why: Failure }
  | { readonly phase: 'refused'; readonly why: Failure }
  | { readonly phase: 'open'; readonly session: Session };

/** Opens a session, however long the server takes to be there. */
export function useSession(wish: SessionWish): SessionState {
  const [state, setState] = useState<SessionState>({ phase: 'opening' });
  useEffect(() => {
    const left = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const attempt = async (number: number) => {
      try {
        const session = await openSession(wish, left.signal);
        if (!left.signal.aborted) setState({ phase: 'open', session });
      } catch (error) {
        if (left.signal.aborted) return;
        const why = toFailure(error, wish.connection.url);
        if (error instanceof Failure || !isPassing(toTidemarkError(error))) return setState({ phase: 'refused', why });
        setState({ phase: 'waiting', why });
        timer = setTimeout(() => void attempt(number + 1), toBackoffMs(number));
      }
    };
    void attempt(0);
    return () => {
      left.abort();
      clearTimeout(timer);
    };
  }, [wish]);
  return state;
}
