import {
  type EventKey,
  eventPageSchema,
  eventSchema,
  type GenerateInput,
  generateMessageSchema,
  type IngestInput,
  ingestOutputSchema,
  type ListEventsQuery,
  listEventsInputSchema,
  type TailInput,
  tailMessageSchema,
} from '@tidemark/schemas';
import { expect } from 'vitest';
import type { z } from 'zod';
import { compareReceipts, countWritten } from '../compare-receipts.ts';
import { callCase, type FuzzCase, streamCase } from '../fuzz-case.ts';
import type { FuzzLane } from '../fuzz-lane.ts';

/** Of the commits that the facts are in. */
const KNOWN_PLACE = /^\d:\d+$/;
const ALL_TIME = { from: '1970-01-01T00:00:00Z', to: '2199-01-01T00:00:00Z' } as const;

export const EVENT_CASES: Readonly<Record<string, FuzzCase>> = {
  'events.ingest': callCase<IngestInput, z.infer<typeof ingestOutputSchema>>({
    weight: 8,
    caller: ({ writes }) => writes.admin,
    output: ingestOutputSchema,
    compare: compareReceipts,
  }),
  'events.list': callCase<ListEventsQuery, z.infer<typeof eventPageSchema>>({
    weight: 8,
    isQuery: true,
    refusals: ['invalid_cursor'],
    output: eventPageSchema,
    async compare({ oracle, facts }, input, { items, nextCursor }) {
      const { from, to, last, cursor, limit, ...query } = listEventsInputSchema.parse(input);
      // None of those made up here belongs to a question.
      expect(cursor ?? null).toBeNull();
      // Where a relative range ends is the server's to say.
      if (last !== undefined) return false;
      const range = { from: from ?? ALL_TIME.from, to: to ?? ALL_TIME.to };
      const truth = await oracle.list({ ...query, ...range, tenantId: facts.id });
      expect(items.map(({ id, occurredAt }) => ({ id, occurredAt }))).toEqual(truth.slice(0, limit));
      expect(nextCursor !== null).toBe(truth.length > limit);
      return true;
    },
  }),
  'events.get': callCase<EventKey, z.infer<typeof eventSchema>>({
    weight: 2,
    isQuery: true,
    refusals: ['not_found'],
    output: eventSchema,
    async compare({ oracle, facts }, { id, occurredAt }, { type, userId }) {
      const sql = 'SELECT type, user_id FROM events WHERE tenant_id = $1 AND id = $2 AND occurred_at = $3';
      expect(await oracle.ask(sql, [facts.id, id, occurredAt])).toEqual([{ type, user_id: userId }]);
      return true;
    },
  }),
  'events.tail': streamCase<TailInput, z.infer<typeof tailMessageSchema>>({
    weight: 2,
    refusals: ['cursor_expired'],
    output: tailMessageSchema,
    // From before the facts where one is to be sent, else from now on: nothing would come for a minute.
    async prepare(lane, input) {
      if (input.lastEventId != null && !KNOWN_PLACE.test(input.lastEventId)) return input;
      return { ...input, lastEventId: (await chosenBy(lane, input)).length > 0 ? '0:0' : null };
    },
    async compare(lane, input, [message]) {
      if (message === undefined || !('event' in message)) return false;
      const { id, occurredAt } = message.event;
      expect(await chosenBy(lane, input)).toContainEqual({ id, occurredAt });
      return true;
    },
  }),
  'events.generate': streamCase<GenerateInput, z.infer<typeof generateMessageSchema>>({
    weight: 3,
    caller: ({ writes }) => writes.admin,
    refusals: ['invalid_cursor'],
    output: generateMessageSchema,
    isEnough: (heard) => heard.some((message) => 'report' in message),
    async compare(lane, { count, lastEventId }, heard) {
      const last = heard.at(-1);
      if (last === undefined || !('report' in last)) throw new Error('a run ends with its report');
      const { accepted, duplicate, rejected } = last.report;
      expect(accepted + duplicate + rejected).toBe(count);
      // A place that was forged counts what it claims to have sent.
      if (lastEventId != null) lane.written = await countWritten(lane);
      else lane.written += accepted;
      expect(await countWritten(lane)).toBe(lane.written);
      return lastEventId == null;
    },
  }),
};

/** The facts that filters leave, by brute force. */
async function chosenBy({ oracle, facts }: FuzzLane, { types, devices, userId, properties }: TailInput) {
  const filters = { types, devices, userId, properties };
  return await oracle.list({ ...filters, ...ALL_TIME, order: 'asc', tenantId: facts.id });
}
