/** The most bytes a request's body may have. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** The most calls one batch of the transport may hold. */
export const MAX_BATCH_CALLS = 20;
