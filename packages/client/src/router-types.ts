import type { AppRouter } from '@tidemark/router';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';

export type { AppRouter } from '@tidemark/router';

/** What each procedure takes, e.g. `Inputs['analytics']['summary']`. */
export type Inputs = inferRouterInputs<AppRouter>;

/** What each procedure answers, e.g. `Outputs['events']['list']`. */
export type Outputs = inferRouterOutputs<AppRouter>;
