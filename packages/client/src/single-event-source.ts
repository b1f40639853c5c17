import { EventSource, type EventSourceInit } from 'eventsource';

/**
 * An event source for one connection: where the standard would reconnect at a fixed pace, this one
 * closes, so that `resumeLink` alone decides when to come back.
 */
export class SingleEventSource extends EventSource {
  constructor(url: string | URL, init?: EventSourceInit) {
    super(url, init);
    // Added before tRPC's own listener, which then finds the source closed and reports the failure.
    this.addEventListener('error', () => this.close());
  }
}
