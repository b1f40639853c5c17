import { actorContext, anonymousContext, tenantContext } from '@tidemark/services';
import { translateErrors } from './translate-errors.ts';
import { baseProcedure } from './trpc.ts';

const translated = baseProcedure.use(translateErrors);

/** Anyone may call; the verb behind it knows no actor. */
export const publicProcedure = translated.use(({ ctx, next }) => next({ ctx: anonymousContext(ctx) }));

/** Guarantees an actor: a valid key or session. The verb checks its scope. */
export const actorProcedure = translated.use(async ({ ctx, next }) => next({ ctx: await actorContext(ctx) }));

/** Guarantees an actor and the one tenant it acts for. */
export const tenantProcedure = translated.use(async ({ ctx, next }) => next({ ctx: await tenantContext(ctx) }));
