import {
  type CacheStore,
  createInProcessCacheStore,
  createInProcessLimitStore,
  type LimitStore,
} from '@tidemark/redis';
import type { ResourceOptions } from '@tidemark/services';

/** A cache store that keeps what it is given and hears of no commit: what invalidation that is switched off looks like. */
export function createDeafStore(): CacheStore {
  const store = createInProcessCacheStore();
  return withChanges(store, {
    isShared: true,
    apply: (commit) => store.apply({ ...commit, tags: [], readers: [] }),
    catchUp: (tenantId, seq) => store.catchUp(tenantId, seq, []),
  });
}

/** A cache store that forgets every answer. */
export function createForgetfulStore(): CacheStore {
  const store = createInProcessCacheStore();
  return withChanges(store, { isShared: true, write: async () => {} });
}

/** Counts calls and refuses none. */
export function createBlindLimitStore(): LimitStore {
  const store = createInProcessLimitStore();
  return withChanges(store, {
    charge: async (charges) => ({ ...(await store.charge(charges)), isAdmitted: true }),
    findUsedUp: () => undefined,
  });
}

/** Says that there is no load, whatever there is. */
export function createIdleLoadSource(): NonNullable<ResourceOptions['load']> {
  const sample = () => ({ loopDelayMs: 0, loopUtilisation: 0, waitingMs: 0, answersP95Ms: null, ownWaitMs: 0 });
  return { sample, sampleTenants: () => new Map(), [Symbol.dispose]: () => {} };
}

function withChanges<Store extends object>(store: Store, changes: Partial<Store>): Store {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(changes, name) ?? Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
