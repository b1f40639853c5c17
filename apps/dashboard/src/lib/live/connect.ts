import type { Tidemark, TidemarkError, TidemarkOptions } from '@tidemark/client';
import type { Role } from '@tidemark/schemas';

/** Who looks, and at which tenant: a platform session says which, any other has but its own. */
type Visit = { readonly session: { readonly role: Role }; readonly tenant: { readonly id: string } | null };

/** The API as this page's session sees it. The client's code comes after the page, which arrives with its numbers. */
export async function connect(visit?: Visit, options: Pick<TidemarkOptions, 'retries'> = {}): Promise<Tidemark> {
  const { createTidemark } = await import('@tidemark/client');
  const tenantId = visit?.session.role === 'platform' ? visit.tenant?.id : undefined;
  return createTidemark({ url: '/', tenantId, ...options });
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
