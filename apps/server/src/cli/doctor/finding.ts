/** One thing that was looked at, and what to do where it is not as it should be. */
export type Finding =
  | { readonly state: 'ok'; readonly what: string; readonly found: string }
  | { readonly state: 'careful' | 'bad'; readonly what: string; readonly found: string; readonly remedy: string };

export const ok = (what: string, found: string): Finding => ({ state: 'ok', what, found });
export const careful = (what: string, found: string, remedy: string): Finding => ({
  state: 'careful',
  what,
  found,
  remedy,
});
export const bad = (what: string, found: string, remedy: string): Finding => ({ state: 'bad', what, found, remedy });
