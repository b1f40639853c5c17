import { actorContext, anonymousContext, tenantContext } from '@tidemark/services';
import { baseProcedure } from './trpc.ts';

/** Anyone may call; the verb behind it knows no actor. */
export const publicProcedure = baseProcedure.use(({ ctx, next }) => next({ ctx: anonymousContext(ctx) }));

/** Guarantees an actor: a valid key or session. The verb checks its scope. */
export const actorProcedure = baseProcedure.use(({ ctx, next }) => next({ ctx: actorContext(ctx) }));

/** Guarantees an actor and the one tenant it acts for. */
export const tenantProcedure = baseProcedure.use(async ({ ctx, next }) => next({ ctx: await tenantContext(ctx) }));
