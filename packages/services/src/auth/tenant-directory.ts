import { type Database, findTenantRow, type TenantRow } from '@tidemark/database';
import { LRUCache } from 'lru-cache';

/** A change of a tenant is seen after at most this long. */
const REMEMBERED_MS = 1_000;
const MAX_REMEMBERED = 10_000;

/** Tenants by id, each asked of the database at most once a second. */
export class TenantDirectory {
  readonly #directory: Database['directory'];
  readonly #known = new LRUCache<string, { tenant: Promise<TenantRow | undefined> }>({
    max: MAX_REMEMBERED,
    ttl: REMEMBERED_MS,
  });

  constructor({ directory }: Pick<Database, 'directory'>) {
    this.#directory = directory;
  }

  async findTenant(id: string): Promise<TenantRow | undefined> {
    const known = this.#known.get(id);
    if (known !== undefined) return await known.tenant;
    const tenant = findTenantRow(this.#directory, id);
    this.#known.set(id, { tenant });
    tenant.catch(() => this.#known.delete(id));
    return await tenant;
  }

  /** After a tenant was made here. */
  forget(id: string): void {
    this.#known.delete(id);
  }
}
