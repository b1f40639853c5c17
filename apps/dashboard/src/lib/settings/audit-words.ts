import type { AuditAction, AuditEntry } from '@tidemark/schemas';

/** What was done, as a person would say it. */
export const AUDIT_WORDS: Record<AuditAction, string> = {
  clearCache: 'cleared the cache',
  'faults.clear': 'ended an injected fault',
  'faults.inject': 'injected a fault',
  'keys.create': 'made a key',
  'keys.revoke': 'revoked a key',
  'keys.rotate': 'rotated a key',
  'lab.run': 'ran a scenario of the lab',
  'limits.set': 'changed budgets',
  'retention.set': 'changed the retention',
  'sessions.create': 'signed in',
  'sessions.end': 'ended a session',
  'tenants.create': 'made a tenant',
  'tenants.update': 'changed the tenant',
  'users.erase': 'erased a user',
};

/** With what it was done: "name: checkout, role: ingest". */
export function toDetails({ evidence }: Pick<AuditEntry, 'evidence'>): string {
  return Object.entries(evidence)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
