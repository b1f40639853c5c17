import type { Tidemark } from '@tidemark/client';
import type { Summary, SummaryInput, TailInput } from '@tidemark/schemas';

/** A stream that has not said it by then never will; the test then fails in order, and ends what it started. */
const PATIENCE_MS = 60_000;

/** What a subscriber of the client's heard, and how often its connection was made again. */
export class StreamLog<Heard> implements Disposable {
  readonly heard: Heard[] = [];
  /** Settles when the stream ends by itself: with the refusal that ended it. */
  readonly ended: Promise<unknown>;
  readonly #end: (error: unknown) => void;
  readonly #waiting = new Set<{ isMet: () => boolean; resolve: () => void }>();
  #subscription: { unsubscribe(): void } | undefined;
  #reconnects = 0;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.ended = promise;
    this.#end = resolve;
  }

  get reconnects(): number {
    return this.#reconnects;
  }

  /** Resolves once what was heard is as wished; rejects when the stream ends before. */
  async until(isMet: (heard: readonly Heard[]) => boolean): Promise<void> {
    if (isMet(this.heard)) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.add({ isMet: () => isMet(this.heard), resolve });
    const failed = this.ended.then((cause) => {
      throw new Error('the stream ended before', { cause });
    });
    const tooLong = AbortSignal.timeout(PATIENCE_MS);
    tooLong.addEventListener('abort', () =>
      reject(new Error(`the stream never said it, but ${this.heard.length} others`)),
    );
    await Promise.race([promise, failed]);
  }

  hear(...more: readonly Heard[]): void {
    this.heard.push(...more);
    for (const waiter of this.#waiting) {
      if (!waiter.isMet()) continue;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
  }

  /** What a subscription of the client's is given besides `onData`. */
  get callbacks() {
    return {
      onConnectionStateChange: ({ state }: { state: string }) => {
        if (state === 'connecting') this.#reconnects += 1;
      },
      onError: (error: unknown) => this.#end(error),
      onComplete: () => this.#end(undefined),
    };
  }

  hold(subscription: { unsubscribe(): void }): this {
    this.#subscription = subscription;
    return this;
  }

  [Symbol.dispose](): void {
    this.#subscription?.unsubscribe();
  }
}

/** The ids of the events of a tail, in the order they came. */
export function logTail(
  tidemark: Tidemark,
  input: TailInput = {},
): StreamLog<string> & { readonly began: Promise<void> } {
  const log = new StreamLog<string>();
  const { promise: began, resolve } = Promise.withResolvers<void>();
  log.hold(
    tidemark.events.tail.subscribe(input, {
      ...log.callbacks,
      onData: ({ data }) => {
        resolve();
        if ('event' in data) log.hear(data.event.id);
      },
    }),
  );
  return Object.assign(log, { began });
}

/** The answers to a watched question. */
export function logWatch(tidemark: Tidemark, input: SummaryInput): StreamLog<Summary> {
  const log = new StreamLog<Summary>();
  return log.hold(
    tidemark.analytics.watch.subscribe(input, { ...log.callbacks, onData: ({ data }) => log.hear(data) }),
  );
}
