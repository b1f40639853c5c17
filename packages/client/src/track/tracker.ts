import type { IngestOutput, Receipt } from '@tidemark/schemas';
import { toBackoffMs } from '../backoff.ts';
import { isPassing, type TidemarkError, toRetryAfterMs, toTidemarkError } from '../tidemark-error.ts';
import { EventQueue, type NamedEvent } from './event-queue.ts';
import { onLeaving } from './on-leaving.ts';
import type { TrackedOutcome, TrackingSettings } from './tracking-options.ts';

/** Sends events once; whoever calls decides about repeating. */
export type SendEvents = (events: NamedEvent[], signal: AbortSignal) => Promise<Pick<IngestOutput, 'receipts'>>;

/** How it stands with tracked events. */
export type TrackingCounts = {
  /** Waiting or on their way, and their bytes. */
  readonly queued: number;
  readonly queuedBytes: number;
  readonly stored: number;
  readonly rejected: number;
  readonly lost: number;
  /** Not taken, for want of room. */
  readonly refused: number;
};

/** A server that fails at the same batch that often will go on doing so; the events behind it have their turn then. */
const MAX_INTERNAL_FAILURES = 8;
/** How long `close` waits by default: a restart of the server's, and some back-off. */
const CLOSE_TIMEOUT_MS = 10_000;

/** It does nothing; it only is. */
const HOLD_MS = 2 ** 30;

const UNSENT: TidemarkError = {
  code: 'unavailable',
  httpStatus: 0,
  reason: 'The tracker was closed before the event could be stored.',
  evidence: {},
  requestId: null,
};

type Waiter = { readonly isMet: () => boolean; readonly resolve: () => void };

/**
 * Sends events in the background, a batch at a time and in their order, until each is settled:
 *
 *     idle ──track──▶ gathering ──batch full · interval over · flush──▶ sending ──none left──▶ idle
 *                         ▲                                             │  ▲
 *                         └───────────── some left, not due ────────────┤  │ back-off over
 *                                                                       ▼  │
 *                                        a failure that may pass ──▶ waiting ──deadline of close──▶ idle (lost)
 *
 * A batch that was not answered is sent again with the same ids, so that what the server had stored is a duplicate:
 * an acknowledged event is stored, and stored once.
 */
export class Tracker implements AsyncDisposable {
  readonly #send: SendEvents;
  readonly #settings: TrackingSettings;
  readonly #queue: EventQueue;
  readonly #counts = { stored: 0, rejected: 0, lost: 0, refused: 0 };
  readonly #waiters = new Set<Waiter>();
  #giveUp = new AbortController();
  #stopListening: (() => void) | undefined;
  #interval: ReturnType<typeof setTimeout> | undefined;
  /** Events taken and settled so far, and up to which of them nobody wants to wait any longer. */
  #taken = 0;
  #settled = 0;
  #due = 0;
  #failures = 0;
  #isSending = false;
  #isClosed = false;

  constructor(send: SendEvents, settings: TrackingSettings) {
    this.#send = send;
    this.#settings = settings;
    this.#queue = new EventQueue({
      maxEvents: settings.maxQueuedEvents,
      maxBytes: settings.maxQueuedBytes,
      maxBatchEvents: settings.maxBatchEvents,
      maxBatchBytes: settings.maxBatchBytes,
    });
  }

  get counts(): TrackingCounts {
    return { queued: this.#queue.size, queuedBytes: this.#queue.bytes, ...this.#counts };
  }

  /** Takes an event, or says false where there is no room: `await ready()`, then offer it again. */
  add(event: NamedEvent): boolean {
    if (this.#isClosed) throw new Error('The tracker is closed: it takes no more events.');
    if (!this.#queue.add(event)) {
      this.#counts.refused += 1;
      return false;
    }
    this.#taken += 1;
    this.#stopListening ??= onLeaving({
      exiting: () => void this.#drain(this.#settings.exitTimeoutMs),
      hidden: () => this.#hurry(),
    });
    this.#sendWhenDue();
    return true;
  }

  /** Resolves once there is room for another event. */
  async ready(): Promise<void> {
    await this.#until(() => this.#queue.hasRoom);
  }

  /** Sends what was taken so far without waiting for more, and resolves once all of it is settled. */
  async flush({ signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    signal?.throwIfAborted();
    const last = this.#taken;
    this.#hurry();
    await this.#until(() => this.#settled >= last, signal);
  }

  /**
   * Takes no more, sends what is left and resolves once all is settled; what is not by `timeoutMs` (default: 10 s)
   * is lost, and told as such.
   */
  async close({ timeoutMs = CLOSE_TIMEOUT_MS }: { readonly timeoutMs?: number } = {}): Promise<TrackingCounts> {
    this.#isClosed = true;
    await this.#drain(timeoutMs);
    return this.counts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #drain(timeoutMs: number): Promise<void> {
    const giveUp = this.#giveUp;
    const deadline = setTimeout(() => giveUp.abort(), timeoutMs);
    await this.flush();
    clearTimeout(deadline);
    if (giveUp.signal.aborted) this.#giveUp = new AbortController();
  }

  #hurry(): void {
    this.#due = this.#taken;
    this.#sendWhenDue();
  }

  get #isDue(): boolean {
    return this.#queue.size > 0 && (this.#settled < this.#due || this.#queue.hasFullBatch);
  }

  #sendWhenDue(): void {
    if (this.#isSending || this.#queue.size === 0) return;
    if (this.#isDue) void this.#sendAll();
    else this.#interval ??= letGo(setTimeout(() => this.#hurry(), this.#settings.flushIntervalMs));
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    clearTimeout(this.#interval);
    this.#interval = undefined;
    while (this.#isDue) await this.#sendBatch();
    this.#isSending = false;
    this.#sendWhenDue();
  }

  async #sendBatch(): Promise<void> {
    const events = this.#queue.peekBatch();
    const { signal } = this.#giveUp;
    try {
      signal.throwIfAborted();
      const { receipts } = await this.#send(events, signal);
      this.#settle(events.map((event, place) => toOutcome(event, receipts[place])));
    } catch (cause) {
      const error = signal.aborted ? UNSENT : toTidemarkError(cause);
      this.#failures += 1;
      if (signal.aborted || !this.#mayPass(error)) {
        this.#settle(events.map((event) => ({ event, status: 'lost', error })));
      } else await pause(toRetryAfterMs(error) + toBackoffMs(this.#failures - 1), signal);
    }
  }

  #mayPass(error: TidemarkError): boolean {
    return isPassing(error) && (error.code !== 'internal' || this.#failures < MAX_INTERNAL_FAILURES);
  }

  #settle(outcomes: readonly TrackedOutcome[]): void {
    this.#failures = 0;
    this.#settled += outcomes.length;
    this.#queue.settle(outcomes.length);
    for (const { status } of outcomes) this.#counts[status] += 1;
    if (this.#queue.size === 0) {
      this.#stopListening?.();
      this.#stopListening = undefined;
    }
    // On its own, so that what it throws is the application's error and not a failure to send.
    queueMicrotask(() => this.#settings.onSettled(outcomes));
    for (const waiter of this.#waiters) {
      if (waiter.isMet()) waiter.resolve();
    }
  }

  /** Whoever waits keeps the process alive, which the timers of the background do not. */
  async #until(isMet: () => boolean, signal?: AbortSignal): Promise<void> {
    if (isMet()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { isMet, resolve };
    const abort = () => reject(signal?.reason);
    const hold = setInterval(() => {}, HOLD_MS);
    this.#waiters.add(waiter);
    signal?.addEventListener('abort', abort);
    try {
      await promise;
    } finally {
      clearInterval(hold);
      this.#waiters.delete(waiter);
      signal?.removeEventListener('abort', abort);
    }
  }
}

function toOutcome(event: NamedEvent, receipt: Receipt | undefined): TrackedOutcome {
  if (receipt?.status !== 'rejected') return { event, status: 'stored' };
  return { event, status: 'rejected', reason: receipt.reason };
}

async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = letGo(setTimeout(resolve, delayMs));
  signal.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}

/** In Node a timer keeps the process alive unless told not to; in a browser it is a number. */
function letGo(timer: ReturnType<typeof setTimeout>): ReturnType<typeof setTimeout> {
  if (typeof timer === 'object') timer.unref();
  return timer;
}
