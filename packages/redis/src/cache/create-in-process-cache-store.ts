import { LRUCache } from 'lru-cache';
import { Acknowledgements } from './acknowledgements.ts';
import type { AppliedCommit, CacheEntry, CacheQuestion, CacheReading, CacheStore } from './cache-store.ts';
import { MAX_ENTRY_BYTES, toKeepMs } from './entry-limits.ts';
import { newGeneration } from './new-generation.ts';
import { Watermark } from './watermark.ts';

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
/** Twenty years of days are 7,300 of them; some 150 bytes each. */
const DEFAULT_MAX_TAGS = 100_000;
const DEFAULT_MAX_TENANTS = 10_000;

export type InProcessCacheStoreOptions = {
  /** Of entries, as JSON. Default: 64 MiB. */
  readonly maxBytes?: number;
  /** Tags of all tenants whose generations are known. Default: 100,000. */
  readonly maxTags?: number;
  /** Tenants that anything is known of. Default: 10,000. */
  readonly maxTenants?: number;
};

/** The cache of a server alone. Of everything bounded, what was unused for longest goes first. */
export function createInProcessCacheStore(options: InProcessCacheStoreOptions = {}): CacheStore {
  return new InProcessCacheStore(options);
}

type KnownTenant = {
  /** Begins the keys of what is kept for it. A tenant that comes back gets another one, and so finds nothing. */
  readonly id: number;
  readonly watermark: Watermark;
  readonly acknowledgements: Acknowledgements;
};

class InProcessCacheStore implements CacheStore {
  readonly isShared = false;
  readonly isAvailable = true;
  readonly #entries: LRUCache<string, CacheEntry>;
  readonly #generations: LRUCache<string, string>;
  readonly #tenants: LRUCache<string, KnownTenant>;
  #lastId = 0;

  constructor(options: InProcessCacheStoreOptions) {
    this.#entries = new LRUCache({ maxSize: options.maxBytes ?? DEFAULT_MAX_BYTES });
    this.#generations = new LRUCache({ max: options.maxTags ?? DEFAULT_MAX_TAGS });
    this.#tenants = new LRUCache({ max: options.maxTenants ?? DEFAULT_MAX_TENANTS });
  }

  get held(): CacheStore['held'] {
    return { entries: this.#entries.size, bytes: this.#entries.calculatedSize };
  }

  async read({ tenantId, key, tags, reader }: CacheQuestion): Promise<CacheReading> {
    const tenant = this.#getTenant(tenantId);
    return {
      entry: this.#entries.get(toPlace(tenant, key)),
      generations: tags.map((tag) => this.#generations.get(toPlace(tenant, tag)) ?? this.#renewTag(tenant, tag)),
      acknowledgedSeq: tenant.acknowledgements.find(reader),
      watermark: tenant.watermark.value,
    };
  }

  async write(tenantId: string, key: string, entry: CacheEntry, keepMs: number): Promise<void> {
    const ttl = toKeepMs(keepMs);
    const size = Buffer.byteLength(JSON.stringify(entry));
    if (ttl === undefined || size > MAX_ENTRY_BYTES) return;
    this.#entries.set(toPlace(this.#getTenant(tenantId), key), entry, { ttl, size });
  }

  async apply({ tenantId, seq, tags, readers }: AppliedCommit): Promise<void> {
    const tenant = this.#getTenant(tenantId);
    for (const tag of tags) this.#renewTag(tenant, tag);
    for (const reader of readers) tenant.acknowledgements.note(reader, seq);
    tenant.watermark.apply(seq);
  }

  async findWatermark(tenantId: string): Promise<number | undefined> {
    return this.#getTenant(tenantId).watermark.value;
  }

  async catchUp(tenantId: string, seq: number, tags: readonly string[]): Promise<void> {
    await this.renew(tenantId, tags);
    const { acknowledgements, watermark } = this.#getTenant(tenantId);
    acknowledgements.noteAll(seq);
    watermark.catchUp(seq);
  }

  async renew(tenantId: string, tags: readonly string[]): Promise<void> {
    const tenant = this.#getTenant(tenantId);
    for (const tag of tags) this.#renewTag(tenant, tag);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#entries.clear();
    this.#generations.clear();
    this.#tenants.clear();
  }

  #getTenant(tenantId: string): KnownTenant {
    const known = this.#tenants.get(tenantId);
    if (known !== undefined) return known;
    this.#lastId += 1;
    const tenant = { id: this.#lastId, watermark: new Watermark(), acknowledgements: new Acknowledgements() };
    this.#tenants.set(tenantId, tenant);
    return tenant;
  }

  #renewTag(tenant: KnownTenant, tag: string): string {
    const generation = newGeneration();
    this.#generations.set(toPlace(tenant, tag), generation);
    return generation;
  }
}

function toPlace({ id }: KnownTenant, name: string): string {
  return `${id}:${name}`;
}
