import {
  actorContext,
  anonymousContext,
  chargeAttempt,
  chargeCall,
  TidemarkError,
  tenantContext,
} from '@tidemark/services';
import type { TRPCError } from '@trpc/server';
import { toLimitClass } from './limit-class.ts';
import { measured } from './measured.ts';
import { translateErrors } from './translate-errors.ts';
import { baseProcedure } from './trpc.ts';

const translated = baseProcedure.use(measured).use(translateErrors);

/**
 * Anyone may call; the verb behind it knows no actor, and limits whoever tries by their address. What cannot be read is
 * a try like any other.
 */
export const publicProcedure = translated.meta({ open: true }).use(async ({ ctx, next }) => {
  const result = await next({ ctx: anonymousContext(ctx) });
  if (!result.ok && isUnreadable(result.error)) await chargeAttempt(ctx);
  return result;
});

/** Neither a refusal of ours, which has charged what it should, nor a failure, which is not the caller's. */
function isUnreadable({ code, cause }: TRPCError): boolean {
  return code !== 'INTERNAL_SERVER_ERROR' && !(cause instanceof TidemarkError);
}

/** Guarantees an actor, a valid key or session, that has been charged for the call. The verb checks its scope. */
export const actorProcedure = translated.use(async ({ ctx: raw, path, type, meta, next }) => {
  const ctx = await actorContext(raw);
  await chargeCall(ctx, toLimitClass(path, type, meta));
  return next({ ctx });
});

/** Guarantees an actor that has been charged for the call, and the one tenant it acts for. */
export const tenantProcedure = translated.use(async ({ ctx: raw, path, type, meta, next }) => {
  const ctx = await tenantContext(raw);
  await chargeCall(ctx, toLimitClass(path, type, meta));
  return next({ ctx });
});
