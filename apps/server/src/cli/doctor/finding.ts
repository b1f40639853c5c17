/** One thing that was looked at, and what to do where it is not as it should be. */
export type Finding =
  | { readonly state: 'ok'; readonly what: string; readonly found: string }
  | {
      readonly state: 'unknown' | 'careful' | 'bad';
      readonly what: string;
      readonly found: string;
      readonly remedy: string;
    };

export const ok = (what: string, found: string): Finding => ({ state: 'ok', what, found });
/** What could not be looked at: said, since silence would be taken for a yes. */
export const unknown = (what: string, found: string, remedy: string): Finding => ({
  state: 'unknown',
  what,
  found,
  remedy,
});
export const careful = (what: string, found: string, remedy: string): Finding => ({
  state: 'careful',
  what,
  found,
  remedy,
});
export const bad = (what: string, found: string, remedy: string): Finding => ({ state: 'bad', what, found, remedy });
