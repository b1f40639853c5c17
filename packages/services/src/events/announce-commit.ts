import type { Resources } from '../resources.ts';

/** A commit's place in its tenant's order and the UTC days it touched; no day: anything may have changed. */
export type Announced = { readonly seq: number; readonly days: readonly string[] };

/** What follows every commit that changes answers, before whoever asked for it hears that it is done. */
export function announceCommit({ bus }: Pick<Resources, 'bus'>, tenantId: string, { seq, days }: Announced): void {
  bus.publish({ tenantId, seq, days: [...days] });
}
