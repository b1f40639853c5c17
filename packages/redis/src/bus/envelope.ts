import { type CommitNotice, type ControlNotice, commitNoticeSchema, controlNoticeSchema } from '@tidemark/schemas';

/** News on the wire, with the bus that sent it, which has told its own process already. */
export type Envelope = { readonly sender: string } & (
  | { readonly notice: CommitNotice }
  | { readonly control: ControlNotice }
);

/** What concerns every server. */
export const CONTROL_CHANNEL = 'tidemark:control';

/** The tenant's commits; the braces keep a tenant's keys and channels on one slot of a cluster. */
export function toChannel(tenantId: string): string {
  return `tidemark:{${tenantId}}:commits`;
}

export function toMessage(envelope: Envelope): string {
  return JSON.stringify(envelope);
}

/** Throws on what is no envelope: anyone who reaches Redis can write to a channel. */
export function parseMessage(message: string): Envelope {
  const value: unknown = JSON.parse(message);
  if (typeof value !== 'object' || value === null || !('sender' in value)) {
    throw new TypeError('a message on the bus must hold a sender and a notice');
  }
  const sender = String(value.sender);
  if ('control' in value) return { sender, control: controlNoticeSchema.parse(value.control) };
  return { sender, notice: commitNoticeSchema.parse('notice' in value ? value.notice : undefined) };
}
