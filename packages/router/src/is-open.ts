import type { ProcedureMeta } from './limit-class.ts';
import { appRouter } from './root.ts';

const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { meta?: ProcedureMeta } }>;

/** Whether a path is of a procedure that anyone may call, without a key. */
export function isOpen(path: string): boolean {
  return Object.hasOwn(procedures, path) && procedures[path]?._def.meta?.open === true;
}
