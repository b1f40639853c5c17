import { eventInputSchema, type IngestInput, type IngestOutput } from '@tidemark/schemas';
import { expect } from 'vitest';
import type { FuzzLane } from './fuzz-lane.ts';

/** Each receipt says what is stored, and nothing is stored besides. */
export async function compareReceipts(lane: FuzzLane, { events }: IngestInput, output: IngestOutput): Promise<true> {
  const { receipts, committedAt } = output;
  expect(receipts).toHaveLength(events.length);
  const accepted = receipts.filter(({ status }) => status === 'accepted');
  expect(committedAt === null).toBe(accepted.length === 0);
  lane.written += accepted.length;
  expect(await countWritten(lane)).toBe(lane.written);
  for (const [index, { id, occurredAt, status, reason }] of receipts.entries()) {
    expect(reason === undefined).toBe(status !== 'rejected');
    if (status === 'rejected') continue;
    const stored = await findEvents(lane, id, occurredAt);
    expect(stored, 'a receipt stands for one stored event').toHaveLength(1);
    if (status === 'accepted') expect(stored[0]).toEqual(toStored(events[index]));
  }
  return true;
}

export async function countWritten({ oracle, writes }: FuzzLane): Promise<number> {
  const [row] = await oracle.ask('SELECT count(*) FROM events WHERE tenant_id = $1', [writes.id]);
  return Number(row?.count);
}

async function findEvents({ oracle, writes }: FuzzLane, id: string | null, occurredAt: string | null) {
  const rows = await oracle.ask(
    `SELECT type, user_id, session_id, (ARRAY['desktop', 'mobile', 'tablet', 'server', 'other'])[device] AS device, properties
     FROM events WHERE tenant_id = $1 AND id = $2 AND occurred_at = $3`,
    [writes.id, id, occurredAt],
  );
  return rows.map(({ properties, ...row }) => ({ ...row, properties: JSON.parse(properties ?? '') as unknown }));
}

function toStored(sent: unknown) {
  const { type, userId = null, sessionId = null, device = null, properties = {} } = eventInputSchema.parse(sent);
  // jsonb knows no negative zero.
  const kept = JSON.parse(JSON.stringify(properties)) as unknown;
  return { type, user_id: userId, session_id: sessionId, device, properties: kept };
}
