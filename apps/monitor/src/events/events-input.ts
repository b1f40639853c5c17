import type { Key } from 'ink';
import type { EventsAction } from './events-state.ts';

type Keys = Pick<Key, 'upArrow' | 'downArrow' | 'pageUp' | 'pageDown' | 'home' | 'end' | 'return' | 'escape'>;

const ALL = Number.MAX_SAFE_INTEGER;

/** What a key asks for in the tail. */
export function toEventsAction(input: string, key: Keys, page: number): EventsAction | undefined {
  if (key.upArrow || input === 'k') return { type: 'moved', by: -1 };
  if (key.downArrow || input === 'j') return { type: 'moved', by: 1 };
  if (key.pageUp) return { type: 'moved', by: -page };
  if (key.pageDown) return { type: 'moved', by: page };
  if (key.home || input === 'g') return { type: 'moved', by: -ALL };
  if (key.end || input === 'G') return { type: 'followed' };
  if (key.return) return { type: 'detailToggled' };
  if (key.escape) return { type: 'left' };
  return input === ' ' ? { type: 'holdToggled' } : undefined;
}
