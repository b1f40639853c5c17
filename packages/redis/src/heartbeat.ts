import type { Redis } from 'ioredis';

/** A link that died without a word is noticed after at most this and one command's timeout. */
const HEARTBEAT_MS = 5_000;

/** Reconnects a connection that no longer answers; returns how to stop. */
export function startHeartbeat(redis: Redis): () => void {
  const timer = setInterval(() => {
    if (redis.status !== 'ready') return;
    redis.ping().catch(() => {
      if (redis.status === 'ready') redis.disconnect(true);
    });
  }, HEARTBEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}
