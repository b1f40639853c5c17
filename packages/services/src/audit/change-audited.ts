import { insertAuditRow, NO_TENANT, type TenantTransaction, withTenant } from '@tidemark/database';
import type { AuditAction } from '@tidemark/schemas';
import type { Actor } from '../auth/actor.ts';
import type { AnonymousContext } from '../context.ts';
import { makeUuidV7 } from '../events/uuid-v7.ts';

/** What was done to what, and with what; nothing in it is secret. */
export type AuditNote = {
  readonly action: AuditAction;
  readonly target?: string;
  readonly evidence?: Readonly<Record<string, unknown>>;
};

/** Who did it, on which request. */
type Doer = AnonymousContext & { readonly actor: Actor };

/** Writes down what the transaction changes, so that neither is there without the other. */
async function writeAudit(
  { actor, requestId, resources }: Doer,
  transaction: TenantTransaction,
  { action, target, evidence = {} }: AuditNote,
): Promise<void> {
  const now = resources.clock();
  await insertAuditRow(transaction, {
    id: makeUuidV7(now),
    doneAt: now,
    keyId: actor.keyId,
    sessionId: actor.sessionId,
    keyName: actor.name,
    role: actor.role,
    action,
    target: target ?? null,
    evidence,
    requestId,
  });
}

/** Makes a change of a tenant, or of what is of none (null), and writes it down with it; not where there was nothing to change. */
export async function changeAudited<Result>(
  ctx: Doer,
  tenantId: string | null,
  change: (
    transaction: TenantTransaction,
  ) => Promise<{ readonly result: Result; readonly note: AuditNote | undefined }>,
): Promise<Result> {
  const { changing, database } = ctx.resources;
  const owner = tenantId ?? NO_TENANT;
  return await changing.run(owner, (signal) =>
    withTenant(database.ingest, owner, { mode: 'write', signal }, async (transaction) => {
      const { result, note } = await change(transaction);
      if (note !== undefined) await writeAudit(ctx, transaction, note);
      return result;
    }),
  );
}

/** Writes down what is about to be done outside of any one transaction: what is begun is known, however it ends. */
export async function announceAudited(ctx: Doer, tenantId: string | null, note: AuditNote): Promise<void> {
  await changeAudited(ctx, tenantId, async () => ({ result: undefined, note }));
}
