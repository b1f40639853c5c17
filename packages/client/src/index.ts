export { toBackoffMs } from './backoff.ts';
export type { Priority, Tidemark, TidemarkOptions } from './create-tidemark.ts';
export { createTidemark } from './create-tidemark.ts';
export type { Retry } from './retry-link.ts';
export type { AppRouter, Inputs, Outputs } from './router-types.ts';
export type { TidemarkError } from './tidemark-error.ts';
export { isPassing, isTidemarkError, toTidemarkError } from './tidemark-error.ts';
export { withIdentity } from './with-identity.ts';
