import type { Device } from '@tidemark/schemas';
import type { Random } from './random.ts';
import { createRandom, happens, pickWeighted } from './random.ts';

/** One user's lasting traits. */
export type Visitor = {
  readonly userId: string;
  readonly device: Device;
  readonly country: string;
  readonly currency: string;
  readonly plan: string;
};

const DEVICE_WEIGHTS: Record<Device, number> = { desktop: 48, mobile: 42, tablet: 7, server: 1, other: 2 };

const COUNTRIES: readonly (readonly [{ country: string; currency: string }, number])[] = [
  [{ country: 'US', currency: 'USD' }, 34],
  [{ country: 'DE', currency: 'EUR' }, 16],
  [{ country: 'GB', currency: 'GBP' }, 13],
  [{ country: 'FR', currency: 'EUR' }, 9],
  [{ country: 'IN', currency: 'INR' }, 9],
  [{ country: 'BR', currency: 'BRL' }, 7],
  [{ country: 'JP', currency: 'JPY' }, 6],
  [{ country: 'AU', currency: 'AUD' }, 6],
];

const PLANS = [
  ['free', 70],
  ['pro', 24],
  ['team', 6],
] as const;

/** Two users in five are there from the start; the last newcomer is due after three quarters of the traffic. */
const KNOWN_AT_START = 0.4;
const ALL_KNOWN_AT = 0.75;
/** Newcomers alternate with regulars, lest the first hours hold strangers only. */
const NEWCOMERS = 0.6;

/** Everyone who visits; who comes next, and on what. */
export type Visitors = {
  /** `progress` is the share of the traffic already made, 0 to 1. */
  next(progress: number): { visitor: Visitor; isFirstVisit: boolean };
  drawDevice(visitor: Visitor): Device;
};

export function createVisitors(
  random: Random,
  options: { run: string; users: number; devices: readonly Device[] },
): Visitors {
  const { run, users } = options;
  const devices = options.devices.map((device) => [device, DEVICE_WEIGHTS[device]] as const);
  const digits = String(users).length;
  let met = 0;
  return {
    next(progress) {
      const due = users * (KNOWN_AT_START + (1 - KNOWN_AT_START) * (progress / ALL_KNOWN_AT));
      const isFirstVisit = met === 0 || (met < Math.min(due, users) && happens(random, NEWCOMERS));
      const index = isFirstVisit ? met++ : drawRegular(random, met);
      return { visitor: toVisitor(run, index, { digits, devices }), isFirstVisit };
    },
    // Most people stay with one device; some look again from another.
    drawDevice: (visitor) => (happens(random, 0.88) ? visitor.device : pickWeighted(random, devices)),
  };
}

/** The n-th user visits about as often as 1 / (n + 8): of 20,000 the keenest hundred make a third of the visits. */
function drawRegular(random: Random, met: number): number {
  return Math.min(met - 1, Math.floor(8 * (1 + met / 8) ** random.next() - 8));
}

/** Traits come from a stream of their own, so that they do not depend on when the user appears. */
function toVisitor(
  run: string,
  index: number,
  { digits, devices }: { digits: number; devices: readonly (readonly [Device, number])[] },
): Visitor {
  const traits = createRandom(`${run}/user/${index}`);
  return {
    userId: `user-${String(index + 1).padStart(digits, '0')}`,
    device: pickWeighted(traits, devices),
    ...pickWeighted(traits, COUNTRIES),
    plan: pickWeighted(traits, PLANS),
  };
}
