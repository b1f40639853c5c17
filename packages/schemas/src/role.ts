import { z } from 'zod';

/** `admin:read` is health and the cache's figures; a tenant's settings, to see and to change, are `admin:write`. */
export const SCOPES = [
  'events:write',
  'events:read',
  'analytics:read',
  'admin:read',
  'admin:write',
  'platform',
] as const;
export type Scope = (typeof SCOPES)[number];
export const scopeSchema = z.enum(SCOPES);

/** What each role may do. A platform key names the tenant it acts for with `x-tenant-id`. */
export const ROLE_SCOPES = {
  ingest: ['events:write'],
  viewer: ['events:read', 'analytics:read', 'admin:read'],
  admin: ['events:read', 'analytics:read', 'admin:read', 'events:write', 'admin:write'],
  platform: [...SCOPES],
} as const satisfies Record<string, readonly Scope[]>;

export type Role = keyof typeof ROLE_SCOPES;
export const roleSchema = z.enum(['ingest', 'viewer', 'admin', 'platform']);

/** The roles of a tenant's own keys. */
export const tenantRoleSchema = z.enum(['ingest', 'viewer', 'admin']);
export type TenantRole = z.infer<typeof tenantRoleSchema>;
