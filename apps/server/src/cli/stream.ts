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
 * What happens to the connection is told on standard error; it comes back by itself.
 */
export async function readStream<Message>(
  subscribe: (callbacks: Callbacks<Message>) => Unsubscribable,
  isLast: (message: Message) => boolean,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  process.stdout.on('error', () => resolve());
  const subscription = subscribe({
    onData: (message) => {
      if (isLast(message)) resolve();
    },
    onConnectionStateChange({ state, error }) {
      if (state === 'connecting' && error !== null) note(`connecting again: ${toTidemarkError(error).reason}`);
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
