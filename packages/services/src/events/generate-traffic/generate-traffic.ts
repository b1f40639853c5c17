import type { Device, EventInput } from '@tidemark/schemas';
import { DEVICES } from '@tidemark/schemas';
import { createRandom, drawIndex, toWords } from './random.ts';
import { createTrafficIds } from './traffic-id.ts';
import { TRAFFIC_TYPES, walkJourney } from './traffic-journey.ts';
import { planHours } from './traffic-rhythm.ts';
import { createTypeFilter } from './traffic-types.ts';
import { createVisitors } from './traffic-visitors.ts';

export type TrafficOptions = {
  /** The same seed and options give the same events, ids included. */
  readonly seed: string | number;
  /** Half-open, in epoch milliseconds: no event lies at or after `to`. */
  readonly from: number;
  readonly to: number;
  /** How many events, exactly. */
  readonly count: number;
  /** How many users there are; fewer appear when there are fewer sessions than users. */
  readonly users: number;
  /** Default: the eight of `TRAFFIC_TYPES`. Any others are strewn over the sessions. */
  readonly types?: readonly string[] | undefined;
  /** Default: all of them. */
  readonly devices?: readonly Device[] | undefined;
  /** The zone whose clock the visitors live by. Default: UTC. */
  readonly timeZone?: string | undefined;
};

/**
 * Traffic as a product sees it: sessions of regulars and newcomers, from an entry page down a funnel,
 * more by day than by night and less on weekends. Hour by hour in time; within an hour, session by session.
 */
export function* generateTraffic(options: TrafficOptions): Generator<EventInput, void, undefined> {
  const { from, to, count, users, types = TRAFFIC_TYPES, devices = DEVICES, timeZone = 'UTC' } = options;
  assertOptions({ from, to, count, users, types, devices });
  const run = toWords(JSON.stringify([String(options.seed), from, to, count, users, types, devices, timeZone])).join(
    '-',
  );
  const random = createRandom(run);
  const toEventId = createTrafficIds(`${run}/event`);
  const toSessionId = createTrafficIds(`${run}/session`);
  const visitors = createVisitors(random, { run, users, devices });
  const fitTypes = createTypeFilter(random, types);

  let made = 0;
  let sessions = 0;
  for (const hour of planHours(random, { from, to, timeZone })) {
    // A session that overran the last hour's share is taken off this one's.
    const due = Math.round(count * hour.until);
    while (made < due) {
      const visit = visitors.next(made / count);
      const device = visitors.drawDevice(visit.visitor);
      const sessionId = toSessionId(sessions++);
      let time = hour.start + drawIndex(random, hour.end - hour.start);
      for (const { type, gapMs, properties } of fitTypes(walkJourney(random, visit))) {
        time += gapMs;
        if (time >= to || made === count) break;
        const id = toEventId(made++);
        const occurredAt = new Date(time).toISOString();
        yield { id, type, occurredAt, userId: visit.visitor.userId, sessionId, device, properties };
      }
    }
  }
}

type Checked = Required<Pick<TrafficOptions, 'from' | 'to' | 'count' | 'users'>> & {
  types: readonly string[];
  devices: readonly Device[];
};

function assertOptions({ from, to, count, users, types, devices }: Checked): void {
  if (!Number.isInteger(from) || !Number.isInteger(to) || from >= to) {
    throw new RangeError('generateTraffic: from and to must be whole epoch milliseconds, and from earlier than to.');
  }
  if (!Number.isInteger(count) || count < 0)
    throw new RangeError('generateTraffic: count must be a whole number, 0 or more.');
  if (!Number.isInteger(users) || users < 1)
    throw new RangeError('generateTraffic: users must be a whole number, 1 or more.');
  if (types.length === 0 || devices.length === 0)
    throw new RangeError('generateTraffic: types and devices must not be empty.');
}
