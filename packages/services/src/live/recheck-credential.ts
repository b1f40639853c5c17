import type { ActorContext } from '../context.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { withReadFaults } from '../with-read-faults.ts';
import { withPatience } from './with-patience.ts';

/** How long a stream may go on after its credential has ended, without having heard of it. */
export const RECHECK_MS = 1_000;

/** Refuses to go on with a stream whose credential has ended. */
export async function assertStillAllowed({ isStillAllowed }: ActorContext): Promise<void> {
  if (await withReadFaults(isStillAllowed)) return;
  throw new TidemarkError('unauthenticated', 'This key was revoked or expired while the stream ran.');
}

/** The same for a stream that has something to say more often than its credential need be looked at. */
export function recheckCredential(ctx: ActorContext): (signal: AbortSignal) => Promise<void> {
  let checkedAt = performance.now();
  return async (signal) => {
    if (performance.now() - checkedAt < RECHECK_MS) return;
    await withPatience(() => assertStillAllowed(ctx), signal);
    checkedAt = performance.now();
  };
}
