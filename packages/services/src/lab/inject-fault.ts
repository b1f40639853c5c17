import type { InjectedFaults } from '@tidemark/database';
import type { Faults, InjectFaultInput } from '@tidemark/schemas';
import { type ActorContext, assertScope } from '../context.ts';
import { TidemarkError } from '../tidemark-error.ts';

/** Breaks this server's own connections to PostgreSQL for a while; another fault takes its place. */
export function injectFault(ctx: ActorContext, { forMs, ...fault }: InjectFaultInput): Faults {
  const faults = assertFaults(ctx);
  faults.inject(fault, forMs);
  return toFaults(faults);
}

/** Ends whatever is injected here. */
export function clearFaults(ctx: ActorContext): Faults {
  const faults = assertFaults(ctx);
  faults.clear();
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
