import { type Database, findTenantRow, type TenantRow } from '@tidemark/database';
import type { ControlNotice } from '@tidemark/schemas';
import type { LookUp } from '../resilience/look-up.ts';
import { LastKnown } from './last-known.ts';

export type TenantDirectoryOptions = {
  readonly database: Pick<Database, 'directory'>;
  readonly lookUp: LookUp;
  /** Monotonic ms. */
  readonly elapsed: () => number;
};

/** Tenants by id, each asked of the database at most once a second; while it is away, as they were last. */
export class TenantDirectory {
  readonly #tenants: LastKnown<TenantRow>;

  constructor({ database: { directory }, lookUp, elapsed }: TenantDirectoryOptions) {
    this.#tenants = new LastKnown({ load: (id) => lookUp(() => findTenantRow(directory, id)), elapsed });
  }

  async findTenant(id: string): Promise<TenantRow | undefined> {
    return await this.#tenants.find(id);
  }

  /** After a tenant was made or changed, here or elsewhere. */
  forget({ about, id: changed }: ControlNotice): void {
    if (about === 'tenant') this.#tenants.forget(({ id }) => id === changed);
  }
}
