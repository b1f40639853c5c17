import type { TenantRef } from './context.ts';

/** What the composition root opens once and every request shares. */
export type Resources = {
  readonly directory: { findTenant(id: string): Promise<TenantRef | undefined> };
};
