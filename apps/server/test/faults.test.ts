import { FAULTS, runFaults, testWithRedisServer } from '@tidemark/testing';
import { expect } from 'vitest';

/** Long enough to be met in the middle of every kind of work; `pnpm test:faults` holds ten times as long. */
const HOLD_MS = 1_000;
/** What a load that was never stuck has acknowledged by far. */
const LEAST_ACKNOWLEDGED = FAULTS.length * 500;

testWithRedisServer(
  'whatever is killed, frozen, filled or cut under load: nothing acknowledged is lost or doubled, nobody is told a wrong number',
  async ({ path }) => {
    const { outcomes, acknowledged, flaws } = await runFaults({ redisPath: path, faults: FAULTS, holdMs: HOLD_MS });
    expect(flaws).toEqual([]);
    expect(outcomes).toHaveLength(FAULTS.length);
    for (const { name, receipts, answered } of outcomes) {
      expect(receipts, name).toBeGreaterThan(0);
      expect(answered, name).toBeGreaterThan(0);
    }
    expect(acknowledged).toBeGreaterThan(LEAST_ACKNOWLEDGED);
  },
  300_000,
);
