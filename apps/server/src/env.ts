/** The environment as it is; `settings.ts` knows what it means to a server. */
export function readEnvironment(): Readonly<NodeJS.ProcessEnv> {
  return process.env;
}

/** What a command that calls a server may find in the environment. */
export function readClientEnv(): {
  url: string | undefined;
  key: string | undefined;
  dataDir: string;
} {
  const { TIDEMARK_URL, TIDEMARK_KEY, TIDEMARK_DATA_DIR } = process.env;
  return { url: TIDEMARK_URL || undefined, key: TIDEMARK_KEY || undefined, dataDir: TIDEMARK_DATA_DIR || '.tidemark' };
}

/** The whole environment of a second server that a run of the lab starts. */
export function toSecondServerEnv(given: {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly port: number;
}): Record<string, string> {
  const { PATH = '', HOME = '', LOG_LEVEL = '' } = process.env;
  return {
    PATH,
    HOME,
    LOG_LEVEL,
    DATABASE_URL: given.databaseUrl,
    REDIS_URL: given.redisUrl ?? '',
    TIDEMARK_PORT: String(given.port),
    TIDEMARK_LIMITS: process.env.TIDEMARK_LIMITS ?? '',
  };
}
