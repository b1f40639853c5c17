import type { AppRouter } from '@tidemark/router';
import { type Operation, type OperationLink, type OperationResultEnvelope, TRPCClientError } from '@trpc/client';
import type { Observer, Unsubscribable } from '@trpc/server/observable';
import { toBackoffMs } from './backoff.ts';
import { isPassing, isTidemarkError, toRetryAfterMs, toTidemarkError } from './tidemark-error.ts';

type Failure = TRPCClientError<AppRouter>;
type Envelope = OperationResultEnvelope<unknown, Failure>;

/** Streams without an end of their own: when the server ends one, it is going away and may come back. */
const ENDLESS: ReadonlySet<string> = new Set([
  'analytics.watch',
  'analytics.watchMany',
  'events.tail',
  'admin.watchHealth',
]);

/** A connection that held this long was a good one: the next failure is a new one. */
const SETTLED_MS = 10_000;

/**
 * One subscription over many connections. After a drop it comes back with a jittered back-off and asks
 * for what follows the last tracked id; watchers see `connecting` with the reason meanwhile. A refusal
 * that will not pass by itself (a revoked key, a bad input) ends it.
 */
export class ResumingStream {
  readonly #op: Operation;
  readonly #next: Parameters<OperationLink<AppRouter>>[0]['next'];
  readonly #observer: Observer<Envelope, Failure>;
  #lastEventId: string | undefined;
  #attempts = 0;
  #startedAt = Number.POSITIVE_INFINITY;
  /** What the server said before the connection broke: it explains more than the break. */
  #refusal: Failure | undefined;
  #current: Unsubscribable | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #left = false;

  constructor(
    op: Operation,
    next: Parameters<OperationLink<AppRouter>>[0]['next'],
    observer: Observer<Envelope, Failure>,
  ) {
    this.#op = op;
    this.#next = next;
    this.#observer = observer;
  }

  connect(): void {
    const op =
      this.#lastEventId === undefined
        ? this.#op
        : { ...this.#op, input: { ...(this.#op.input as object), lastEventId: this.#lastEventId } };
    this.#current = this.#next(op).subscribe({
      next: (envelope) => this.#receive(envelope),
      error: (error) => this.#fail(error),
      complete: () => this.#end(),
    });
  }

  leave(): void {
    this.#left = true;
    clearTimeout(this.#timer);
    this.#current?.unsubscribe();
  }

  #receive(envelope: Envelope): void {
    if (this.#isEcho(envelope)) return;
    const { result } = envelope;
    if (result.type === 'started') {
      this.#startedAt = Date.now();
      this.#refusal = undefined;
    } else if (result.type === 'state') {
      if (result.state === 'connecting' && isTidemarkError(result.error)) this.#refusal = result.error;
    } else if (result.type !== 'stopped') {
      this.#attempts = 0;
      if (result.id !== undefined) this.#lastEventId = String(result.id);
    }
    this.#observer.next(envelope);
  }

  /** Of what each connection says of itself, the watcher of the whole stream must not hear all. */
  #isEcho({ result }: Envelope): boolean {
    if (result.type === 'stopped') return this.#isEndless;
    if (result.type !== 'state') return false;
    if (result.state === 'idle') return this.#isEndless;
    // A repeated attempt begins without an error; what made it necessary still stands.
    return result.state === 'connecting' && result.error === null && this.#attempts > 0;
  }

  #fail(error: Failure): void {
    const told = isTidemarkError(error) ? error : (this.#refusal ?? error);
    if (isPassing(toTidemarkError(told))) this.#comeBack(told);
    else this.#observer.error(told);
  }

  #end(): void {
    if (this.#left) return;
    if (this.#isEndless) this.#comeBack(new TRPCClientError('The server ended the stream.'));
    else this.#observer.complete();
  }

  #comeBack(error: Failure): void {
    if (Date.now() - this.#startedAt > SETTLED_MS) this.#attempts = 0;
    this.#startedAt = Number.POSITIVE_INFINITY;
    this.#refusal = undefined;
    const pauseMs = toRetryAfterMs(toTidemarkError(error));
    this.#timer = setTimeout(() => this.connect(), pauseMs + toBackoffMs(this.#attempts));
    this.#attempts += 1;
    this.#observer.next({ result: { type: 'state', state: 'connecting', error } });
  }

  get #isEndless(): boolean {
    return ENDLESS.has(this.#op.path);
  }
}
