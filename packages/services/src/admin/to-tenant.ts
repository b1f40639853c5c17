import type { TenantRow } from '@tidemark/database';
import { type Tenant, toInstant } from '@tidemark/schemas';

/** A tenant as it goes out. */
export function toTenant({ id, slug, name, timeZone, createdAt }: Omit<TenantRow, 'limits'>): Tenant {
  return { id, slug, name, timeZone, createdAt: toInstant(createdAt) };
}
