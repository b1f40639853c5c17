import type { IngestInput, IngestOutput, Receipt } from '@tidemark/schemas';
import { toInstant } from '@tidemark/schemas';
import { assertScope, type TenantContext } from '../context.ts';
import type { Outcome } from './commit-batch.ts';
import { type Judged, validateEvent } from './validate-event.ts';

/** Stores a batch and answers with a receipt per event, after commit. */
export async function ingestEvents(ctx: TenantContext, { events }: IngestInput): Promise<IngestOutput> {
  assertScope(ctx, 'events:write');
  const { clock, groupCommit, ingestRate, metrics, tracer } = ctx.resources;
  const now = clock();
  const judged = events.map((event) => validateEvent(event, now));
  const storable = judged.flatMap(({ event }) => event ?? []);
  const stored =
    storable.length === 0
      ? { outcomes: [], committedAt: null }
      : await tracer.span('store events', { events: storable.length }, () =>
          groupCommit.submit(ctx.tenant.id, storable, ctx.actor.keyId),
        );
  const accepted = stored.outcomes.filter((outcome) => outcome === 'accepted').length;
  const duplicates = stored.outcomes.filter((outcome) => outcome === 'duplicate').length;
  ingestRate.add(accepted);
  metrics.received('accepted', accepted);
  metrics.received('duplicate', duplicates);
  metrics.received('rejected', events.length - accepted - duplicates);
  const outcomes = stored.outcomes.values();
  return {
    receipts: judged.map((one) => toReceipt(one, one.event && outcomes.next().value)),
    committedAt: stored.committedAt === null ? null : toInstant(stored.committedAt),
  };
}

function toReceipt(judged: Judged, outcome: Outcome | undefined): Receipt {
  const { event, occurredAt } = judged;
  if (event === undefined) return { id: judged.id, occurredAt, status: 'rejected', reason: judged.rejection };
  if (outcome === undefined) throw new Error('an event was stored without an outcome');
  if (typeof outcome === 'string') return { id: event.id, occurredAt, status: outcome };
  return { id: event.id, occurredAt, status: 'rejected', reason: outcome };
}
