import { z } from 'zod';
import { idInputSchema } from './id-input.ts';
import { instantSchema } from './instant.ts';
import { roleSchema, scopeSchema } from './role.ts';
import { tenantSchema } from './tenant.ts';

/** Signing in: with a key's secret, or with the single-use code of a sign-in link. */
export const createSessionInputSchema = z.union(
  [z.strictObject({ key: z.string().min(1).max(200) }), z.strictObject({ code: z.string().min(1).max(200) })],
  { error: 'must be either {"key": …} or {"code": …}, a text of 1 to 200 characters' },
);
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

/** A session as it is listed; its token is never shown again. */
export const sessionSchema = z.object({
  id: z.guid(),
  /** The key that signed in, whose role the session has and with which it ends. */
  keyId: z.guid(),
  keyName: z.string(),
  role: roleSchema,
  createdAt: instantSchema,
  expiresAt: instantSchema,
  /** Whether it is the one that asks. */
  isCurrent: z.boolean(),
});
export type Session = z.infer<typeof sessionSchema>;

/** Which session to end; without an id, the one that asks. */
export const endSessionInputSchema = z.strictObject({ id: idInputSchema.optional() }).optional();
export type EndSessionInput = z.infer<typeof endSessionInputSchema>;
