import { addEventTypes, type Head, listEventTypes, type TenantTransaction } from '@tidemark/database';
import { LRUCache } from 'lru-cache';

/** The most types a tenant may have: each makes rollups of its own. */
const MAX_TYPES = 1_000;
/** Tenants whose types are remembered. */
const MAX_TENANTS = 2_000;

/** The ids of event types. They never change, so what was committed once is remembered. */
export class EventTypes {
  readonly #known = new LRUCache<string, ReadonlyMap<string, number>>({ max: MAX_TENANTS });

  /** The ids of the named types where all of them are remembered. */
  recall(tenantId: string, names: readonly string[]): ReadonlyMap<string, number> | undefined {
    const known = this.#known.get(tenantId);
    return known !== undefined && names.every((name) => known.has(name)) ? known : undefined;
  }

  /** The ids of the named types, new ones made under the head's lock; `refused` are beyond the cap. */
  async resolve(
    transaction: TenantTransaction,
    head: Head,
    names: readonly string[],
  ): Promise<{ typeIds: ReadonlyMap<string, number>; refused: ReadonlySet<string> }> {
    const known = this.recall(transaction.tenantId, names);
    if (known !== undefined) return { typeIds: known, refused: new Set() };

    const stored = await listEventTypes(transaction);
    const unknown = names.filter((name) => !stored.has(name));
    const added = unknown.slice(0, Math.max(0, MAX_TYPES - stored.size));
    if (added.length > 0) {
      for (const [name, id] of await addEventTypes(transaction, head, added)) stored.set(name, id);
    }
    return { typeIds: stored, refused: new Set(unknown.slice(added.length)) };
  }

  /** To be called once the transaction that resolved them has committed. */
  remember(tenantId: string, typeIds: ReadonlyMap<string, number>): void {
    this.#known.set(tenantId, typeIds);
  }
}
