import type { Tidemark, TidemarkError, TidemarkOptions } from '@tidemark/client';

/** The API as this page's session sees it. The client's code comes after the page, which arrives with its numbers. */
export async function connect(options: Pick<TidemarkOptions, 'tenantId' | 'retries'> = {}): Promise<Tidemark> {
  const { createTidemark } = await import('@tidemark/client');
  return createTidemark({ url: '/', ...options });
}

type Stream = { unsubscribe(): void };

/** Opens a stream as soon as the client is there; left before, it is never opened. */
export function openStream(
  client: Promise<Tidemark>,
  open: (tidemark: Tidemark) => Stream,
  onError: (error: unknown) => void,
): Stream {
  let stream: Stream | undefined;
  let isLeft = false;
  client.then((tidemark) => {
    if (!isLeft) stream = open(tidemark);
  }, onError);
  return {
    unsubscribe() {
      isLeft = true;
      stream?.unsubscribe();
    },
  };
}

/** Why a call failed, as the client reads it; without its code nothing was asked at all. */
export async function toFailure(error: unknown): Promise<TidemarkError> {
  try {
    const { toTidemarkError } = await import('@tidemark/client');
    return toTidemarkError(error);
  } catch {
    return { code: 'unavailable', httpStatus: 0, reason: NO_CODE, evidence: {}, requestId: null };
  }
}

const NO_CODE = 'The dashboard does not answer. Reload the page in a moment.';
