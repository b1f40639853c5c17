import type { Key } from 'ink';
import type { OverviewAction } from './overview-state.ts';

/** What a key asks for; shift goes the other way round. Leaving is for whoever owns the screen. */
export function toOverviewAction(
  input: string,
  key: Pick<Key, 'escape'>,
  isHelpOpen: boolean,
): OverviewAction | 'quit' | undefined {
  if (isHelpOpen && key.escape) return { type: 'helpToggled' };
  switch (input) {
    case 'q':
      return 'quit';
    case '?':
    case 'h':
      return { type: 'helpToggled' };
    case 't':
    case 'T':
      return { type: 'tenantStepped', by: input === 't' ? 1 : -1 };
    case 'r':
    case 'R':
      return { type: 'rangeStepped', by: input === 'r' ? 1 : -1 };
    default:
      return undefined;
  }
}
