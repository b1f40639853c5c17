import { randomUUID } from 'node:crypto';
import type { EventInput } from '@tidemark/schemas';

const TYPES = ['page_view', 'search', 'signup', 'purchase'] as const;
const DEVICES = ['desktop', 'mobile', 'tablet'] as const;
const USERS = 200;

/** Events of a lab, each with an identity, from `fromMs` to `toMs` epoch ms, evenly. */
export function makeLabEvents(
  count: number,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): EventInput[] {
  return Array.from({ length: count }, (_, place) => ({
    id: randomUUID(),
    occurredAt: new Date(fromMs + Math.floor(((toMs - fromMs) * place) / count)).toISOString(),
    type: TYPES[place % TYPES.length] ?? TYPES[0],
    device: DEVICES[place % DEVICES.length] ?? DEVICES[0],
    userId: `lab-user-${(place * 7) % USERS}`,
  }));
}
