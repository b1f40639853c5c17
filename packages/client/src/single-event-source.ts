import { ErrorEvent, EventSource, type EventSourceInit } from 'eventsource';

/**
 * An event source for one connection: where the standard would reconnect at a fixed pace, this one
 * closes, so that `resumeLink` alone decides when to come back.
 */
export class SingleEventSource extends EventSource {
  constructor(url: string | URL, init?: EventSourceInit) {
    super(url, init);
    let isEnding = false;
    // Added before tRPC's own listener, which then finds the source closed and reports the failure. A turn later: what
    // came just before the end, such as a refusal, would be dropped unread.
    this.addEventListener('error', (event) => {
      if (isEnding) return;
      isEnding = true;
      event.stopImmediatePropagation();
      this.close();
      const { code, message } = event;
      setTimeout(() => this.dispatchEvent(new ErrorEvent('error', { code, message })));
    });
  }
}
