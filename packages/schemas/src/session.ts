import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { roleSchema, scopeSchema } from './role.ts';
import { tenantSchema } from './tenant.ts';

/** Signing in: with a key's secret, or with the single-use code of a sign-in link. */
export const createSessionInputSchema = z.union([
  z.strictObject({ key: z.string().min(1).max(200) }),
  z.strictObject({ code: z.string().min(1).max(200) }),
]);
export type CreateSessionInput = z.infer<typeof createSessionInputSchema>;

/** A session's bearer token, for a server to keep in an httpOnly cookie; shown this once. */
export const createdSessionSchema = z.object({ token: z.string(), expiresAt: instantSchema });
export type CreatedSession = z.infer<typeof createdSessionSchema>;

/** Who is calling, and which tenants they may ask about. */
export const currentSessionSchema = z.object({
  name: z.string(),
  role: roleSchema,
  scopes: z.array(scopeSchema),
  tenants: z.array(tenantSchema),
});
export type CurrentSession = z.infer<typeof currentSessionSchema>;
