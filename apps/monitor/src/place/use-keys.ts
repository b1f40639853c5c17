import { type Key, useInput } from 'ink';

/** Tells each key by itself: those that follow each other quickly come in one piece; one without a character, as none. */
export function useKeys(onKey: (input: string, key: Key) => void, options: { readonly isActive?: boolean } = {}): void {
  useInput((input, key) => {
    for (const character of input === '' ? [''] : input) onKey(character, key);
  }, options);
}
