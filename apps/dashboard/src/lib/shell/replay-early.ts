type Early = EventListenerObject & {
  readonly button?: HTMLButtonElement | null;
  readonly form?: HTMLFormElement;
  readonly submitter?: HTMLElement | null;
};

declare global {
  interface Window {
    /** Set by app.html: the last button clicked and the last form sent before the page's scripts ran. */
    tidemarkEarly?: Early;
  }
}

/**
 * Does once more what was done too early to be heard; to be called when the page's own listeners are there.
 * Forms marked `data-native` work without scripts, and were sent.
 */
export function replayEarly(): void {
  const early = window.tidemarkEarly;
  if (early === undefined) return;
  for (const type of ['click', 'submit']) removeEventListener(type, early, true);
  delete window.tidemarkEarly;
  early.button?.click();
  early.form?.requestSubmit(early.submitter);
}
