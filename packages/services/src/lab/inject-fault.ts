import type { InjectedFaults } from '@tidemark/database';
import type { Faults, InjectFaultInput } from '@tidemark/schemas';
import { type AuditNote, announceAudited } from '../audit/change-audited.ts';
import { type ActorContext, assertScope } from '../context.ts';
import { withPatience } from '../live/with-patience.ts';
import { TidemarkError } from '../tidemark-error.ts';

/** Breaks this server's own connections to PostgreSQL for a while; another fault takes its place. */
export async function injectFault(ctx: ActorContext, { forMs, ...fault }: InjectFaultInput): Promise<Faults> {
  const faults = assertFaults(ctx);
  await announce(ctx, faults, { action: 'faults.inject', evidence: { ...fault, forMs } });
  faults.inject(fault, forMs);
  return toFaults(faults);
}

/** Ends whatever is injected here. */
export async function clearFaults(ctx: ActorContext): Promise<Faults> {
  const faults = assertFaults(ctx);
  await announce(ctx, faults, { action: 'faults.clear' });
  return toFaults(faults);
}

/** A fault may be in the way of what is written down, and so may, for a moment, the breaker that it opened. */
async function announce(ctx: ActorContext, faults: InjectedFaults, note: AuditNote): Promise<void> {
  faults.clear();
  await withPatience(() => announceAudited(ctx, null, note), new AbortController().signal);
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
