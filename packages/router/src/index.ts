export type { RequestContext } from './context.ts';
export { parseInput } from './parse-input.ts';
export { tenantProcedure } from './procedure.ts';
export { withRequestId } from './request-id.ts';
export type { AppRouter } from './root.ts';
export { appRouter } from './root.ts';
export { toRefusal } from './to-refusal.ts';
export { baseProcedure, mergeRouters, router } from './trpc.ts';
