import { useCallback, useRef, useState } from 'react';

/**
 * A reducer whose state can be read at once: keys may come faster than the screen is drawn, and each is judged by what
 * those before it did.
 */
export function useLatestReducer<State, Action>(
  reduce: (state: State, action: Action) => State,
  first: State,
): readonly [State, (action: Action) => void, () => State] {
  const [state, setState] = useState(first);
  const latest = useRef(first);
  const dispatch = useCallback(
    (action: Action) => {
      latest.current = reduce(latest.current, action);
      setState(latest.current);
    },
    [reduce],
  );
  const read = useCallback(() => latest.current, []);
  return [state, dispatch, read];
}
