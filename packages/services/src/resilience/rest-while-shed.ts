import type { TenantContext } from '../context.ts';
import { pause } from '../pause.ts';
import { assertAdmitted, isAdmitted } from './rung.ts';

const LOOK_MS = 500;
/** Several times as long as a level lasts at least: what rests longer than this waits for a load that does not end. */
const PATIENCE_MS = 60_000;

/**
 * Lets what cannot be resumed rest while load leaves nothing for its priority, so that it need not begin again. Throws
 * `rate_limited` where that lasts.
 */
export async function restWhileShed(ctx: TenantContext, signal: AbortSignal): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (!isAdmitted(ctx) && !signal.aborted && performance.now() < until) await pause(LOOK_MS, signal);
  assertAdmitted(ctx);
}
