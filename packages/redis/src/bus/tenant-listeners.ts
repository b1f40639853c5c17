import type { CommitNotice } from '@tidemark/schemas';
import type { Listener } from './bus.ts';
import { Listeners } from './listeners.ts';

/** The listeners of this process, by tenant. */
export class TenantListeners {
  readonly #byTenant = new Map<string, Listeners<CommitNotice>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  has(tenantId: string): boolean {
    return this.#byTenant.has(tenantId);
  }

  /** Returns how to leave, which says whether it was still there. The same function may be added twice. */
  add(tenantId: string, listener: Listener): () => boolean {
    const listeners = this.#byTenant.get(tenantId) ?? new Listeners<CommitNotice>(this.#onError);
    this.#byTenant.set(tenantId, listeners);
    const leave = listeners.add(listener);
    return () => {
      const wasThere = leave();
      if (wasThere && listeners.size === 0) this.#byTenant.delete(tenantId);
      return wasThere;
    };
  }

  deliver(notice: CommitNotice): void {
    this.#byTenant.get(notice.tenantId)?.deliver(notice);
  }

  clear(): void {
    for (const listeners of this.#byTenant.values()) listeners.clear();
    this.#byTenant.clear();
  }
}
