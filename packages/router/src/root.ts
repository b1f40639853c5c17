import { adminRouter } from './procedures/admin.ts';
import { analyticsRouter } from './procedures/analytics.ts';
import { eventsRouter } from './procedures/events.ts';
import { router } from './trpc.ts';

export const appRouter = router({
  analytics: analyticsRouter,
  events: eventsRouter,
  admin: adminRouter,
});

/** The whole API as a type: what clients import, with `import type`. */
export type AppRouter = typeof appRouter;
