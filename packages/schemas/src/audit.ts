import { z } from 'zod';
import { instantSchema } from './instant.ts';
import { roleSchema } from './role.ts';

/** What is written down: the procedures of `admin` that change something, by their names. */
export const AUDIT_ACTIONS = [
  'clearCache',
  'faults.clear',
  'faults.inject',
  'keys.create',
  'keys.revoke',
  'keys.rotate',
  'lab.run',
  'limits.set',
  'retention.set',
  'sessions.create',
  'sessions.end',
  'tenants.create',
  'tenants.update',
  'users.erase',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const auditInputSchema = z.strictObject({
  cursor: z.string().max(200).nullish(),
  limit: z.int().min(1).max(200).default(50),
});
export type AuditInput = z.output<typeof auditInputSchema>;

/** What a cursor of `admin.audit.list` says. */
export const auditCursorSchema = z.strictObject({ before: z.guid() });

export const auditEntrySchema = z.object({
  id: z.guid(),
  at: instantSchema,
  action: z.enum(AUDIT_ACTIONS),
  actor: z.object({
    keyId: z.guid(),
    /** As the key was called then. */
    keyName: z.string(),
    role: roleSchema,
    /** The session signed in with the key; null: the key itself. */
    sessionId: z.guid().nullable(),
  }),
  /** What it was done to: the id of a key, session or tenant; null where it is the tenant's own, or not to be kept. */
  target: z.string().nullable(),
  /** With what, in the words of the procedure's input; never a secret, nor a user's id. */
  evidence: z.record(z.string(), z.unknown()),
  requestId: z.string(),
});
export type AuditEntry = z.output<typeof auditEntrySchema>;

/** The newest first. */
export const auditPageSchema = z.object({ items: z.array(auditEntrySchema), nextCursor: z.string().nullable() });
export type AuditPage = z.output<typeof auditPageSchema>;
