import { randomInt, randomUUID } from 'node:crypto';
import { DEVICES } from '@tidemark/schemas';
import type { LoadEvent } from './ledger.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Random events: mostly of the last hours, some of the last days, a few of years ago in partitions yet to be made. */
export function makeLoadEvents(count: number): LoadEvent[] {
  return Array.from({ length: count }, () => {
    const device = pick([...DEVICES, undefined]);
    return {
      id: randomUUID(),
      occurredAt: new Date(Date.now() - randomAge()).toISOString(),
      type: pick(['view', 'click', 'buy', 'leave']),
      // Most users come again, so that sets are united and not only made.
      ...(randomInt(10) > 0 && { userId: `user-${randomInt(600)}` }),
      ...(device !== undefined && { device }),
      properties: { place: randomInt(1_000) },
    };
  });
}

function randomAge(): number {
  const kind = randomInt(1_000);
  if (kind < 5) return randomInt(30, 120) * 30 * DAY_MS;
  if (kind < 200) return randomInt(3 * DAY_MS);
  return randomInt(120 * MINUTE_MS);
}

function pick<Item>(items: readonly [Item, ...Item[]]): Item {
  return items[randomInt(items.length)] ?? items[0];
}
