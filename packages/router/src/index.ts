export type { RequestContext } from './context.ts';
export type { AppRouter } from './root.ts';
export { appRouter } from './root.ts';
