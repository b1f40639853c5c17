import { Redis } from 'ioredis';

/** Longer than a round trip under load, shorter than the patience of a request that waits above. */
const COMMAND_TIMEOUT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 2_000;
/** Attempts to reconnect begin this close together and spread to at most the second figure. */
const FIRST_RETRY_MS = 50;
const LONGEST_RETRY_MS = 2_000;

/**
 * A connection that fails fast: with Redis away a command is refused at once rather than queued, and one
 * without an answer is given up. It reconnects by itself; who needs to know listens for `ready`.
 */
export function connectRedis(url: string, name: string): Redis {
  return new Redis(url, {
    connectionName: `tidemark-${name}`,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    retryStrategy: toRetryMs,
  });
}

/** Doubling, with jitter so that servers do not return in one wave. */
function toRetryMs(attempt: number): number {
  const longest = Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS);
  return longest / 2 + Math.random() * (longest / 2);
}
