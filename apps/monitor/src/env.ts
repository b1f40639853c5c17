export type Env = {
  readonly url: string | undefined;
  readonly key: string | undefined;
  readonly dashboard: string | undefined;
  /** Where the local server keeps its data and writes its credentials. */
  readonly dataDir: string | undefined;
  /** See no-color.org: any value but the empty one. */
  readonly noColor: boolean;
};

/** Reads the environment; an empty variable is an absent one. */
export function readEnv(env: NodeJS.ProcessEnv = process.env): Env {
  return {
    url: env.TIDEMARK_URL || undefined,
    key: env.TIDEMARK_KEY || undefined,
    dashboard: env.TIDEMARK_DASHBOARD || undefined,
    dataDir: env.TIDEMARK_DATA_DIR || undefined,
    noColor: Boolean(env.NO_COLOR) || env.TERM === 'dumb',
  };
}

/**
 * React's development build marks every render in the process's performance timeline and keeps the marks:
 * a monitor left open for days would drown in them. To be called before React is loaded.
 */
export function preferProduction(): void {
  process.env.NODE_ENV ??= 'production';
}
