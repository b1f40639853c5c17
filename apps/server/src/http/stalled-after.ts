/**
 * A connection on which nothing moves for so long ends: a stream pings six times meanwhile, so its reader has
 * stopped reading. Until then little waits for it, since streams are written no faster than they are read.
 */
export const STALLED_AFTER_MS = 60_000;
