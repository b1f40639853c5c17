import type { InjectedFaults } from '@tidemark/database';
import type { Faults, InjectFaultInput } from '@tidemark/schemas';
import { announceAudited } from '../audit/change-audited.ts';
import { type ActorContext, assertScope } from '../context.ts';
import { withPatience } from '../live/with-patience.ts';
import { TidemarkError } from '../tidemark-error.ts';

/** Breaks this server's own connections to PostgreSQL for a while; another fault takes its place. */
export async function injectFault(ctx: ActorContext, { forMs, ...fault }: InjectFaultInput): Promise<Faults> {
  const faults = assertFaults(ctx);
  await announceAudited(ctx, null, { action: 'faults.inject', evidence: { ...fault, forMs } });
  faults.inject(fault, forMs);
  return toFaults(faults);
}

/** Ends whatever is injected here. */
export async function clearFaults(ctx: ActorContext): Promise<Faults> {
  const faults = assertFaults(ctx);
  // The fault may be in the way of what is written down, and the breaker that it opened for a moment after it.
  faults.clear();
  await withPatience(() => announceAudited(ctx, null, { action: 'faults.clear' }), new AbortController().signal);
  return toFaults(faults);
}

function assertFaults(ctx: ActorContext): InjectedFaults {
  assertScope(ctx, 'platform');
  const faults = ctx.resources.lab?.faults;
  if (faults === undefined) {
    const reason = 'Faults can be injected in a lab alone: start the server with TIDEMARK_LAB=1.';
    throw new TidemarkError('forbidden', reason, { setting: 'TIDEMARK_LAB' });
  }
  return faults;
}

function toFaults({ active }: InjectedFaults): Faults {
  return { active: active === undefined ? null : { fault: active.fault.fault, endsInMs: Math.round(active.endsInMs) } };
}
