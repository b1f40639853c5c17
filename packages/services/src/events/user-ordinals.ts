import { type Head, resolveUsers, type TenantTransaction } from '@tidemark/database';

/** Users remembered, of all tenants together: about 40 MB. Looking one up is a tenth of asking the database. */
const MAX_USERS = 200_000;

/** The users of tenants, each with the epoch that their ordinals are of. */
type Generation = Map<string, Map<string, number>>;

/**
 * The ordinals of users who come again. They hold until a user of the tenant is deleted, which the head tells. They are
 * kept in two generations: who comes again is of the younger one, and when that is full the older one is forgotten,
 * which costs less than to put users in the order of their last visit.
 */
export class UserOrdinals {
  readonly #maxYoung: number;
  #young: Generation = new Map();
  #old: Generation = new Map();
  #youngUsers = 0;

  constructor({ maxUsers = MAX_USERS }: { readonly maxUsers?: number } = {}) {
    this.#maxYoung = maxUsers / 2;
  }

  /** The ordinals of the users, new ones given out under the head's lock. */
  async resolve(
    transaction: TenantTransaction,
    head: Head,
    userIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>> {
    const name = toName(transaction.tenantId, head);
    const young = this.#young.get(name);
    const old = this.#old.get(name);
    const ordinals = new Map<string, number>();
    const unknown: string[] = [];
    for (const userId of userIds) {
      const ordinal = young?.get(userId) ?? old?.get(userId);
      if (ordinal === undefined) unknown.push(userId);
      else ordinals.set(userId, ordinal);
    }
    for (const [userId, ordinal] of await resolveUsers(transaction, head, unknown)) ordinals.set(userId, ordinal);
    return ordinals;
  }

  /** To be called once the transaction that resolved them has committed. */
  remember(tenantId: string, head: Head, ordinals: ReadonlyMap<string, number>): void {
    const name = toName(tenantId, head);
    for (const [userId, ordinal] of ordinals) {
      if (this.#youngUsers >= this.#maxYoung) this.#age();
      const users = this.#young.get(name) ?? new Map<string, number>();
      this.#young.set(name, users);
      const before = users.size;
      users.set(userId, ordinal);
      this.#youngUsers += users.size - before;
    }
  }

  #age(): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngUsers = 0;
  }
}

function toName(tenantId: string, { usersEpoch }: Head): string {
  return `${tenantId}:${usersEpoch}`;
}
