import type { CommitNotice } from '@tidemark/schemas';

/** Notices that Redis could not take, merged per tenant: as many as there are tenants, however long it is away. */
export class UnsentNotices {
  readonly #byTenant = new Map<string, CommitNotice>();

  add(notice: CommitNotice): void {
    const earlier = this.#byTenant.get(notice.tenantId);
    if (earlier === undefined) {
      this.#byTenant.set(notice.tenantId, notice);
      return;
    }
    this.#byTenant.set(notice.tenantId, {
      tenantId: notice.tenantId,
      seq: Math.max(earlier.seq, notice.seq),
      days: [...new Set([...earlier.days, ...notice.days])],
    });
  }

  takeAll(): CommitNotice[] {
    const notices = [...this.#byTenant.values()];
    this.#byTenant.clear();
    return notices;
  }
}
