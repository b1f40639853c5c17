import type { CommitNotice } from '@tidemark/schemas';
import type { Listener } from './bus.ts';

/** The listeners of this process, by tenant. One that throws or leaves does not disturb the others. */
export class TenantListeners {
  readonly #byTenant = new Map<string, Set<{ readonly listener: Listener }>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  has(tenantId: string): boolean {
    return this.#byTenant.has(tenantId);
  }

  /** Returns how to leave, which says whether it was still there. The same function may be added twice. */
  add(tenantId: string, listener: Listener): () => boolean {
    const entry = { listener };
    const entries = this.#byTenant.get(tenantId) ?? new Set();
    this.#byTenant.set(tenantId, entries.add(entry));
    return () => {
      const wasThere = entries.delete(entry);
      if (wasThere && entries.size === 0) this.#byTenant.delete(tenantId);
      return wasThere;
    };
  }

  deliver(notice: CommitNotice): void {
    const entries = this.#byTenant.get(notice.tenantId);
    if (entries === undefined) return;
    for (const entry of Array.from(entries)) {
      // An earlier listener may have made this one leave.
      if (!entries.has(entry)) continue;
      try {
        entry.listener(notice);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  clear(): void {
    for (const entries of this.#byTenant.values()) entries.clear();
    this.#byTenant.clear();
  }
}
