import { type Head, resolveUsers, type TenantTransaction } from '@tidemark/database';
import { LRUCache } from 'lru-cache';

/** Users remembered, of all tenants together: about 40 MB. Looking one up is a tenth of asking the database. */
const MAX_USERS = 200_000;

/** The ordinals of users who come again. They hold until a user of the tenant is deleted, which the head tells. */
export class UserOrdinals {
  readonly #known = new LRUCache<string, number>({ max: MAX_USERS });

  /** The ordinals of the users, new ones given out under the head's lock. */
  async resolve(
    transaction: TenantTransaction,
    head: Head,
    userIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>> {
    const prefix = toPrefix(transaction.tenantId, head);
    const ordinals = new Map<string, number>();
    const unknown: string[] = [];
    for (const userId of userIds) {
      const ordinal = this.#known.get(prefix + userId);
      if (ordinal === undefined) unknown.push(userId);
      else ordinals.set(userId, ordinal);
    }
    for (const [userId, ordinal] of await resolveUsers(transaction, head, unknown)) ordinals.set(userId, ordinal);
    return ordinals;
  }

  /** To be called once the transaction that resolved them has committed. */
  remember(tenantId: string, head: Head, ordinals: ReadonlyMap<string, number>): void {
    const prefix = toPrefix(tenantId, head);
    for (const [userId, ordinal] of ordinals) {
      if (!this.#known.has(prefix + userId)) this.#known.set(prefix + userId, ordinal);
    }
  }
}

function toPrefix(tenantId: string, { usersEpoch }: Head): string {
  return `${tenantId}:${usersEpoch}:`;
}
