import { findStoredEvent } from '@tidemark/database';
import type { Event, EventKey } from '@tidemark/schemas';
import { assertScope, type TenantContext } from '../context.ts';
import { assertAdmitted } from '../resilience/rung.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { withReadFaults } from '../with-read-faults.ts';

/** One event by its identity. Another tenant's looks like a missing one. */
export async function getEvent(ctx: TenantContext, { id, occurredAt }: EventKey): Promise<Event> {
  assertScope(ctx, 'events:read');
  assertAdmitted(ctx);
  const position = { id, occurredAt: Date.parse(occurredAt) };
  const event = await withReadFaults(() =>
    ctx.resources.reads.ask(ctx.tenant.id, (transaction) => findStoredEvent(transaction, position)),
  );
  if (event === undefined) {
    throw new TidemarkError('not_found', 'There is no event with this id at this time.', { id, occurredAt });
  }
  return event;
}
