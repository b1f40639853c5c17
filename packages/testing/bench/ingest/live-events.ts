import { randomInt, randomUUID } from 'node:crypto';
import { DEVICES, type Device } from '@tidemark/schemas';

const TYPES = ['view', 'click', 'search', 'add', 'checkout', 'buy', 'share', 'leave'];
const KNOWN_DEVICES = DEVICES.slice(0, 4);

export type LiveEvent = {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly userId: string;
  readonly device: Device;
  readonly properties: { readonly path: string; readonly amount: number };
};

/** Events of this moment, spread evenly over users, 8 types and 4 devices: no set is spared. */
export function makeLiveEvents(count: number, users: number): LiveEvent[] {
  const occurredAt = new Date().toISOString();
  return Array.from({ length: count }, () => ({
    id: randomUUID(),
    type: TYPES[randomInt(TYPES.length)] ?? 'view',
    occurredAt,
    userId: `user-${randomInt(users)}`,
    device: KNOWN_DEVICES[randomInt(KNOWN_DEVICES.length)] ?? 'desktop',
    properties: { path: `/products/${randomInt(1_000)}`, amount: randomInt(10_000) },
  }));
}
