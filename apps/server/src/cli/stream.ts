import { toTidemarkError } from '@tidemark/client';
import { note } from './output/print.ts';

type Unsubscribable = { unsubscribe(): void };
type Callbacks<Message> = {
  onData(message: Message): void;
  onConnectionStateChange(change: { readonly state: string; readonly error: unknown }): void;
  onError(error: unknown): void;
  onComplete(): void;
};

/**
 * Reads a stream until `isLast` says so, the stream ends, or nobody reads the output any more, like `head`.
 * What happens to the connection is told on standard error; it comes back by itself. A server that was never there is an
 * error: a script would wait for it for ever.
 */
export async function readStream<Message>(
  subscribe: (callbacks: Callbacks<Message>) => Unsubscribable,
  isLast: (message: Message) => boolean,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  process.stdout.on('error', () => resolve());
  let hasBegun = false;
  let told = '';
  const subscription = subscribe({
    onData: (message) => {
      if (isLast(message)) resolve();
    },
    onConnectionStateChange({ state, error }) {
      if (state === 'pending') {
        hasBegun = true;
        told = '';
      }
      if (state !== 'connecting' || error === null) return;
      const { httpStatus, reason } = toTidemarkError(error);
      if (!hasBegun && httpStatus === 0) return reject(error);
      if (reason !== told) note(`connecting again: ${reason}`);
      told = reason;
    },
    onError: reject,
    onComplete: resolve,
  });
  try {
    await promise;
  } finally {
    subscription.unsubscribe();
  }
}
