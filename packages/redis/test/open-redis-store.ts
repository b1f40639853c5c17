import { expect } from 'vitest';
import { type CacheStore, createRedisCacheStore, type RedisCacheStoreOptions } from '../src/index.ts';

/** A store whose Redis has answered. */
export async function openRedisStore(options: RedisCacheStoreOptions): Promise<CacheStore> {
  const store = createRedisCacheStore(options);
  await untilAvailable(store);
  return store;
}

export async function untilAvailable(store: CacheStore): Promise<void> {
  await expect.poll(() => store.isAvailable, { timeout: 20_000, interval: 10 }).toBe(true);
}
