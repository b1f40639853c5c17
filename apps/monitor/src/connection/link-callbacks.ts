import type { LinkAction } from './link.ts';
import { toFailure } from './to-failure.ts';

/** What a subscription is given besides `onData`. */
export function linkCallbacks(url: string, dispatch: (action: LinkAction) => void) {
  return {
    onConnectionStateChange({ state, error }: { readonly state: string; readonly error: unknown }) {
      if (state === 'connecting' && error !== null) dispatch({ type: 'dropped', why: toFailure(error, url) });
    },
    onError: (error: unknown) => dispatch({ type: 'refused', why: toFailure(error, url) }),
  };
}
