import type { Key } from 'ink';
import { type Place, type PlaceAction, VIEWS } from './place.ts';

type Keys = Pick<Key, 'escape' | 'return' | 'tab' | 'shift' | 'backspace' | 'delete'>;

/** Keys with the same meaning in every view. */
const ACTIONS: Readonly<Record<string, PlaceAction>> = {
  '?': { type: 'helpToggled' },
  h: { type: 'helpToggled' },
  '/': { type: 'filterOpened' },
  t: { type: 'tenantStepped', by: 1 },
  T: { type: 'tenantStepped', by: -1 },
  r: { type: 'rangeStepped', by: 1 },
  R: { type: 'rangeStepped', by: -1 },
  i: { type: 'intervalStepped', by: 1 },
  I: { type: 'intervalStepped', by: -1 },
};

/** What a key asks for in any view; shift goes the other way round. Undefined: it is for the view. */
export function toPlaceAction(input: string, key: Keys, place: Place): PlaceAction | 'quit' | 'open' | undefined {
  if (place.prompt !== undefined) return toPromptAction(input, key, place.prompt.text);
  if (key.tab) return { type: 'viewStepped', by: key.shift ? -1 : 1 };
  if (key.escape && place.isHelpOpen) return { type: 'helpToggled' };
  if (input === 'q') return 'quit';
  if (input === 'o') return 'open';
  const view = VIEWS[Number(input) - 1];
  return view === undefined ? ACTIONS[input] : { type: 'viewChosen', view };
}

function toPromptAction(input: string, key: Keys, text: string): PlaceAction | undefined {
  if (key.escape) return { type: 'filterLeft' };
  if (key.return) return { type: 'filterEntered' };
  if (key.backspace || key.delete) return { type: 'filterTyped', text: text.slice(0, -1) };
  return /^\P{Cc}+$/u.test(input) ? { type: 'filterTyped', text: text + input } : undefined;
}
