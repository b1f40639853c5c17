import type { LimitClass } from '@tidemark/schemas';

export type ProcedureKind = 'query' | 'mutation' | 'subscription';

/** What a procedure may say of itself where its place does not. */
export type ProcedureMeta = {
  readonly limit?: LimitClass;
  /** Whether anyone may call it, without a key. */
  readonly open?: true;
};

/** What calls of a procedure are charged as: what it says of itself, else what follows from where it is. */
export function toLimitClass(path: string, kind: ProcedureKind, meta: ProcedureMeta | undefined): LimitClass {
  if (meta?.limit !== undefined) return meta.limit;
  const [group] = path.split('.');
  if (path === 'admin.health' || path === 'admin.watchHealth') return 'health';
  if (group === 'analytics') return 'analytics';
  if (group === 'events') return kind === 'mutation' ? 'eventWrites' : 'eventReads';
  return 'general';
}
