export type { RequestContext } from './context.ts';
export { appRouter } from './root.ts';
export type { AppRouter } from './root.ts';
