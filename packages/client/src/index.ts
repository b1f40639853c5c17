export { createTidemark } from './create-tidemark.ts';
export type { Priority, Tidemark, TidemarkOptions } from './create-tidemark.ts';
export { isTidemarkError, toTidemarkError } from './tidemark-error.ts';
export type { TidemarkError } from './tidemark-error.ts';
export { withIdentity } from './with-identity.ts';
export type { AppRouter, Inputs, Outputs } from './router-types.ts';
