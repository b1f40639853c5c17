import { actorContext, anonymousContext, chargeCall, tenantContext } from '@tidemark/services';
import { toLimitClass } from './limit-class.ts';
import { measured } from './measured.ts';
import { translateErrors } from './translate-errors.ts';
import { baseProcedure } from './trpc.ts';

const translated = baseProcedure.use(measured).use(translateErrors);

/** Anyone may call; the verb behind it knows no actor, and limits whoever tries by their address. */
export const publicProcedure = translated.use(({ ctx, next }) => next({ ctx: anonymousContext(ctx) }));

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
