import { type CacheStore, createInProcessCacheStore } from '@tidemark/redis';

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

function withChanges(store: CacheStore, changes: Partial<CacheStore>): CacheStore {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(changes, name) ?? Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
