import type { TenantContext } from '../context.ts';
import { pause } from '../pause.ts';
import { withReadFaults } from '../with-read-faults.ts';
import { assertStillAllowed, RECHECK_MS } from './recheck-credential.ts';

/**
 * A stream that ends when its credential does, which is looked at before each value and every second besides: what
 * has nothing to say must not outlive its key either. `open` gets the signal that the stream has to end by.
 */
export async function* whileAllowed<Value>(
  ctx: TenantContext,
  open: (ended: AbortSignal) => AsyncGenerator<Value>,
  signal: AbortSignal,
): AsyncGenerator<Value> {
  using _stream = ctx.resources.openStreams.hold(ctx.tenant.id);
  const leaving = new AbortController();
  const ended = AbortSignal.any([signal, leaving.signal]);
  const values = open(ended);
  try {
    for (;;) {
      const next = await nextWhileAllowed(ctx, values);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    leaving.abort();
    await values.return(undefined);
  }
}

async function nextWhileAllowed<Value>(
  ctx: TenantContext,
  values: AsyncGenerator<Value>,
): Promise<IteratorResult<Value>> {
  const waiting = new AbortController();
  const next = withReadFaults(() => values.next()).finally(() => waiting.abort());
  // It is waited for below, unless the credential ends first.
  next.catch(() => {});
  while (!waiting.signal.aborted) {
    await pause(RECHECK_MS, waiting.signal);
    await assertStillAllowed(ctx);
  }
  return await next;
}
