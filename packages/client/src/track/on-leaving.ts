/** What there is of either host: a process that runs out of work, a page that is left. */
type Host = {
  readonly process?: {
    once?(name: 'beforeExit', listener: () => void): void;
    off?(name: 'beforeExit', listener: () => void): void;
  };
  readonly document?: EventTarget & { readonly visibilityState: string };
};

export type Leaving = {
  /** Node has nothing else to do; it waits for what is begun now. */
  readonly exiting: () => void;
  /** The page is hidden, which may be the last that it hears; only what is sent now is sure to go. */
  readonly hidden: () => void;
};

/** Whether this is a page, whose last requests must be small ones. */
export function isPage(): boolean {
  return (globalThis as Host).document !== undefined;
}

/** Listens for the end of the process or page; the answer stops that. */
export function onLeaving({ exiting, hidden }: Leaving): () => void {
  const { process, document } = globalThis as Host;
  const change = () => {
    if (document?.visibilityState === 'hidden') hidden();
  };
  process?.once?.('beforeExit', exiting);
  document?.addEventListener('visibilitychange', change);
  return () => {
    process?.off?.('beforeExit', exiting);
    document?.removeEventListener('visibilitychange', change);
  };
}
