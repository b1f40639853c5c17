/** A Redis for the run to use instead of one of its own. */
export const redisUrl = process.env.REDIS_URL || undefined;

/** CI's demand: a test that is skipped has failed. */
export const requireAll = process.env.REQUIRE_ALL === '1';

/** Where programs are looked for. */
export const searchPath = process.env.PATH ?? '';

export const homeFolder = process.env.HOME ?? '/';
