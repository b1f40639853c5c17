import type { CommitNotice } from '@tidemark/schemas';

/** A listener that remembers what it heard, and can be waited for. */
export class Heard {
  readonly notices: CommitNotice[] = [];
  #arrived = Promise.withResolvers<void>();

  readonly listen = (notice: CommitNotice): void => {
    this.notices.push(notice);
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers<void>();
  };

  get seqs(): number[] {
    return this.notices.map(({ seq }) => seq);
  }

  /** Resolves once the sequence number was heard. */
  async until(seq: number): Promise<void> {
    while (!this.seqs.includes(seq)) await this.#arrived.promise;
  }
}

const TENANT_A = 'a0000000-0000-4000-8000-000000000001';
const TENANT_B = 'b0000000-0000-4000-8000-000000000002';
export const tenants = { a: TENANT_A, b: TENANT_B } as const;

export function noticeFixture(seq: number, tenantId: string = TENANT_A): CommitNotice {
  return { tenantId, seq, days: ['2026-11-22'] };
}
