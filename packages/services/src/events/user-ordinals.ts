import { type ExpectedHead, findUsers, type Head, type TenantTransaction } from '@tidemark/database';

/** Users remembered, of all tenants together: about 40 MB. Looking one up is a tenth of asking the database. */
const MAX_USERS = 200_000;

/** Users of a tenant, and the epoch that their ordinals are of. */
type Remembered = { readonly usersEpoch: number; readonly ordinals: Map<string, number> };

/**
 * The ordinals of users who come again. They hold until a user of the tenant is deleted, which the head tells. They are
 * kept in two generations: who comes again is of the younger one, and when that is full the older one is forgotten,
 * which costs less than to put users in the order of their last visit.
 */
export class UserOrdinals {
  readonly #maxYoung: number;
  #young = new Map<string, Remembered>();
  #old = new Map<string, Remembered>();
  #youngUsers = 0;

  constructor({ maxUsers = MAX_USERS }: { readonly maxUsers?: number } = {}) {
    this.#maxYoung = maxUsers / 2;
  }

  /**
   * The ordinals of those users that the tenant has. To be called right behind the head's lock, without waiting for it:
   * who is not remembered is asked for at once, on the word of the last head that the others' ordinals still hold.
   */
  async resolve(
    transaction: TenantTransaction,
    locking: Promise<Head>,
    userIds: readonly string[],
  ): Promise<Map<string, number>> {
    const { usersEpoch, ordinals } = this.recall(transaction.tenantId, userIds);
    const unknown = userIds.filter((userId) => !ordinals.has(userId));
    const [head, found] = await Promise.all([locking, findUsers(transaction, unknown)]);
    if (ordinals.size > 0 && usersEpoch !== head.usersEpoch) return await findUsers(transaction, userIds);
    for (const [userId, ordinal] of found) ordinals.set(userId, ordinal);
    return ordinals;
  }

  /** To be called once the transaction that resolved them has committed. */
  remember(
    tenantId: string,
    { usersEpoch }: Pick<ExpectedHead, 'usersEpoch'>,
    ordinals: ReadonlyMap<string, number>,
  ): void {
    for (const [userId, ordinal] of ordinals) {
      if (this.#youngUsers >= this.#maxYoung) this.#age();
      const users = this.#youngOf(tenantId, usersEpoch);
      const before = users.size;
      users.set(userId, ordinal);
      this.#youngUsers += users.size - before;
    }
  }

  /** Those of the users who are remembered, by the latest epoch that is known. */
  recall(tenantId: string, userIds: readonly string[]): Remembered {
    const both = [this.#young.get(tenantId), this.#old.get(tenantId)].filter((one) => one !== undefined);
    const usersEpoch = Math.max(0, ...both.map((one) => one.usersEpoch));
    const valid = both.filter((one) => one.usersEpoch === usersEpoch);
    const ordinals = new Map<string, number>();
    for (const userId of userIds) {
      const ordinal = valid[0]?.ordinals.get(userId) ?? valid[1]?.ordinals.get(userId);
      if (ordinal !== undefined) ordinals.set(userId, ordinal);
    }
    return { usersEpoch, ordinals };
  }

  #youngOf(tenantId: string, usersEpoch: number): Map<string, number> {
    const young = this.#young.get(tenantId);
    if (young?.usersEpoch === usersEpoch) return young.ordinals;
    this.#youngUsers -= young?.ordinals.size ?? 0;
    const made = { usersEpoch, ordinals: new Map<string, number>() };
    this.#young.set(tenantId, made);
    return made.ordinals;
  }

  #age(): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngUsers = 0;
  }
}
