import type { Called } from './lab-client.ts';

/** Calls again and again from so many callers at once, until the time is over or the signal aborts. */
export async function callInParallel(
  { callers, ms, signal }: { readonly callers: number; readonly ms: number; readonly signal: AbortSignal },
  call: (caller: number) => Promise<void>,
): Promise<void> {
  const until = performance.now() + ms;
  const keepCalling = async (caller: number) => {
    while (performance.now() < until && !signal.aborted) await call(caller);
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => keepCalling(caller)));
}

/** How a call is counted: the refusal's code, or `answered`. */
export function toOutcome(called: Called<unknown>): string {
  return called.status === 'answered' ? 'answered' : called.code;
}
