export type { RequestContext } from './context.ts';
export { withRequestId } from './request-id.ts';
export type { AppRouter } from './root.ts';
export { appRouter } from './root.ts';
export { toRefusal } from './to-refusal.ts';
