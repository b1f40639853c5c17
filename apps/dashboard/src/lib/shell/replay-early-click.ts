type EarlyClick = EventListener & { button?: HTMLButtonElement | null };

declare global {
  interface Window {
    /** Set by app.html; remembers the last button that was clicked before the page's scripts ran. */
    tidemarkEarlyClick?: EarlyClick;
  }
}

/** Clicks once more what was clicked too early to be heard; to be called when the page's own listeners are there. */
export function replayEarlyClick(): void {
  const early = window.tidemarkEarlyClick;
  if (early === undefined) return;
  removeEventListener('click', early, true);
  delete window.tidemarkEarlyClick;
  early.button?.click();
}
