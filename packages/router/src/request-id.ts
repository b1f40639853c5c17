import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string>();

/** Runs `handle` for the request of this id, so that a refusal before there is a context can name it too. */
export function withRequestId<Result>(requestId: string, handle: () => Result): Result {
  return current.run(requestId, handle);
}

export function currentRequestId(): string | undefined {
  return current.getStore();
}
