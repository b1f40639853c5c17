import { Cluster } from 'ioredis';
import type { RedisConnection } from './connect-redis.ts';

/** A link that died without a word is noticed after at most this and one command's timeout. */
const HEARTBEAT_MS = 5_000;

/** Ends links that no longer answer, so that they are made anew; returns how to stop. */
export function startHeartbeat(connection: RedisConnection): () => void {
  const timer = setInterval(() => {
    const links = connection instanceof Cluster ? connection.nodes() : [connection];
    for (const link of links) {
      if (link.status !== 'ready') continue;
      link.ping().catch(() => {
        if (link.status === 'ready') link.disconnect(true);
      });
    }
  }, HEARTBEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}
