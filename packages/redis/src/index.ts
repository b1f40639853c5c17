export type { Bus, ConnectionState, Listener, Subscription } from './bus/bus.ts';
export type { InProcessBusOptions } from './bus/create-in-process-bus.ts';
export { createInProcessBus } from './bus/create-in-process-bus.ts';
export type { RedisBusOptions } from './bus/create-redis-bus.ts';
export { createRedisBus } from './bus/create-redis-bus.ts';
export type { AppliedCommit, CacheEntry, CacheQuestion, CacheReading, CacheStore } from './cache/cache-store.ts';
export type { InProcessCacheStoreOptions } from './cache/create-in-process-cache-store.ts';
export { createInProcessCacheStore } from './cache/create-in-process-cache-store.ts';
