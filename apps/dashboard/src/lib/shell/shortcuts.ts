type Shortcut = {
  /** `Mod` is ⌘ on a Mac and Ctrl elsewhere. */
  readonly keys: readonly string[];
  readonly does: string;
};

/** None is a bare letter: those belong to screen readers, and to whoever dictates. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ['Mod', 'K'], does: 'Go to a page, a tenant or a range' },
  { keys: ['Mod', '/'], does: 'Show these shortcuts' },
  { keys: ['↑', '↓'], does: 'Move through a list' },
  { keys: ['Enter'], does: 'Take what is marked' },
  { keys: ['Esc'], does: 'Close what is open' },
  { keys: ['←', '→'], does: 'On a chart: read it bucket by bucket' },
  { keys: ['Home', 'End'], does: 'On a chart: to its first or last bucket' },
];

/** How this machine names the key that commands are given with. */
export function toModifier(platform: string): string {
  return /Mac|iPhone|iPad/.test(platform) ? '⌘' : 'Ctrl';
}

/** Whether an event is the command of this key. */
export function isCommand(event: Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'altKey'>, key: string): boolean {
  return (event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === key;
}
