import type { CommitNotice } from '@tidemark/schemas';
import { commitNoticeSchema } from '@tidemark/schemas';

/** A notice on the wire, with the bus that sent it, which has told its own process already. */
export type Envelope = { readonly sender: string; readonly notice: CommitNotice };

/** The tenant's commits; the braces keep a tenant's keys and channels on one slot of a cluster. */
export function toChannel(tenantId: string): string {
  return `tidemark:{${tenantId}}:commits`;
}

export function toMessage({ sender, notice }: Envelope): string {
  return JSON.stringify({ sender, notice });
}

/** Throws on what is no envelope: anyone who reaches Redis can write to a channel. */
export function parseMessage(message: string): Envelope {
  const value: unknown = JSON.parse(message);
  if (typeof value !== 'object' || value === null || !('sender' in value) || !('notice' in value)) {
    throw new TypeError('a message on the bus must hold a sender and a notice');
  }
  return { sender: String(value.sender), notice: commitNoticeSchema.parse(value.notice) };
}
