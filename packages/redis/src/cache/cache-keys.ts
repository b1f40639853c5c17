/** Part of every key: raised when what is stored changes its shape, so that servers of two versions can share a Redis. */
const VERSION = 1;

/** The names of a tenant's keys; the braces put them on one slot of a cluster. */
export type CacheKeys = {
  readonly watermark: string;
  /** A sorted set of the commits that wait at a gap. */
  readonly pending: string;
  readonly answer: (key: string) => string;
  readonly generation: (tag: string) => string;
  readonly acknowledged: (reader: string) => string;
  /** What everyone is taken for having been acknowledged. */
  readonly acknowledgedToAll: string;
};

export function toCacheKeys(tenantId: string): CacheKeys {
  const prefix = `tidemark:${VERSION}:{${tenantId}}`;
  return {
    watermark: `${prefix}:seq`,
    pending: `${prefix}:pending`,
    answer: (key) => `${prefix}:a:${key}`,
    generation: (tag) => `${prefix}:g:${tag}`,
    acknowledged: (reader) => `${prefix}:ack:${reader}`,
    acknowledgedToAll: `${prefix}:acks`,
  };
}
