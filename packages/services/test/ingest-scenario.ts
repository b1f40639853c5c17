import { ingestEvents, type TenantContext } from '@tidemark/services';
import { expect } from 'vitest';
import type { ScenarioEvent } from './scenario-arbitrary.ts';

/** Sends events, the first `repeats` of them twice; none may be rejected but those that retention refuses. */
export async function ingestScenario(ctx: TenantContext, events: readonly ScenarioEvent[], repeats = 0): Promise<void> {
  const inputs = events.map(({ occurredAt, ...event }) => ({
    ...event,
    occurredAt: new Date(occurredAt).toISOString(),
  }));
  const { receipts } = await ingestEvents(ctx, { events: [...inputs, ...inputs.slice(0, repeats)] });
  expect(receipts.filter(({ reason }) => reason !== undefined && reason.code !== 'beyond_retention')).toEqual([]);
}
