/**
 * The keys of a tenant that are in force at most, and that are listed, so that a list holds all of those. More than
 * anybody looks through by hand: who needs a key for each of their users means something else.
 */
export const MAX_KEYS = 1_000;
