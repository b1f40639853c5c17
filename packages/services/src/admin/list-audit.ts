import { type AuditRow, listAuditRows, NO_TENANT } from '@tidemark/database';
import {
  type AuditEntry,
  type AuditInput,
  type AuditPage,
  auditCursorSchema,
  auditEntrySchema,
  toInstant,
} from '@tidemark/schemas';
import { type ActorContext, assertScope } from '../context.ts';
import { parseCursorText, toCursorText } from '../cursor-text.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { withReadFaults } from '../with-read-faults.ts';

/** Who changed what of the tenant, the newest first; of no tenant, where a platform actor names none. */
export async function listAudit(ctx: ActorContext, { cursor, limit }: AuditInput): Promise<AuditPage> {
  assertScope(ctx, 'admin:write');
  const { actor, namedTenant, resources } = ctx;
  const page = { before: cursor == null ? undefined : decode(cursor), limit: limit + 1 };
  const owner = actor.tenantId ?? namedTenant ?? NO_TENANT;
  const rows = await withReadFaults(() =>
    resources.reads.ask(owner, (transaction) => listAuditRows(transaction, page)),
  );
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const hasMore = last !== undefined && rows.length > limit;
  return { items: items.map(toEntry), nextCursor: hasMore ? toCursorText({ before: last.id }) : null };
}

function decode(text: string): string {
  const cursor = auditCursorSchema.safeParse(parseCursorText(text));
  if (cursor.success) return cursor.data.before;
  throw new TidemarkError('invalid_cursor', 'This cursor was not given by admin.audit.list: start without one.', {
    field: 'cursor',
  });
}

function toEntry({ id, doneAt, keyId, keyName, role, sessionId, ...row }: AuditRow): AuditEntry {
  return auditEntrySchema.parse({ ...row, id, at: toInstant(doneAt), actor: { keyId, keyName, role, sessionId } });
}
