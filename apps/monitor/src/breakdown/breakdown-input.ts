import type { Key } from 'ink';
import type { BreakdownAction } from './breakdown-state.ts';

type Keys = Pick<
  Key,
  'leftArrow' | 'rightArrow' | 'upArrow' | 'downArrow' | 'pageUp' | 'pageDown' | 'return' | 'backspace' | 'delete'
>;

/** What one page key moves by, whatever fits. */
const PAGE = 10;

/** What a key asks for in the breakdown; `into` and `out` change the filters, which are everybody's. */
export function toBreakdownAction(key: Keys): BreakdownAction | 'into' | 'out' | undefined {
  if (key.return) return 'into';
  if (key.backspace || key.delete) return 'out';
  const steps = (key.rightArrow ? 1 : 0) - (key.leftArrow ? 1 : 0);
  if (steps !== 0) return { type: 'dimensionStepped', by: steps };
  return toMove(key);
}

function toMove({ upArrow, downArrow, pageUp, pageDown }: Keys): BreakdownAction | undefined {
  const by = (downArrow ? 1 : 0) - (upArrow ? 1 : 0) + (pageDown ? PAGE : 0) - (pageUp ? PAGE : 0);
  return by === 0 ? undefined : { type: 'moved', by };
}
