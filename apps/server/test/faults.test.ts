import { FAULTS, type Fault, runFaults, testWithRedisServer } from '@tidemark/testing';
import { expect } from 'vitest';

/** Long enough to be met in the middle of every kind of work; `npm run test:faults` holds ten times as long. */
const HOLD_MS = 1_000;
/** What a load that was never stuck has acknowledged by far. */
const LEAST_ACKNOWLEDGED = FAULTS.length * 500;

/** What no fault may do: an event that was acknowledged is gone, and others are listed once more. */
const SABOTAGE: Fault = {
  name: 'sabotage',
  async strike(world) {
    await using oracle = await world.openOracle();
    const first = '(SELECT min(received_at) FROM events WHERE tenant_id = $1)';
    const gone = await oracle.ask(
      `DELETE FROM events WHERE tenant_id = $1 AND id = (
         SELECT id FROM events WHERE tenant_id = $1 AND received_at = ${first} LIMIT 1) RETURNING id`,
      [world.tenant.id],
    );
    expect(gone).toHaveLength(1);
    await oracle.ask(
      `INSERT INTO commits SELECT tenant_id, 0, committed_at, occurred_at, ids, days FROM commits
       WHERE tenant_id = $1 ORDER BY seq LIMIT 1`,
      [world.tenant.id],
    );
  },
};

testWithRedisServer(
  'whatever is killed, frozen, filled or cut under load: nothing acknowledged is lost or doubled, nobody is told a wrong number',
  async ({ path }) => {
    const outcomes = await runFaults({ redisPath: path, faults: [...FAULTS, SABOTAGE], holdMs: HOLD_MS });
    const sabotaged = outcomes.pop();
    expect(outcomes).toHaveLength(FAULTS.length);
    for (const { name, flaws, lost, doubled, receipts, answered } of outcomes) {
      expect({ flaws, lost, doubled }, name).toEqual({ flaws: [], lost: 0, doubled: 0 });
      expect(receipts, name).toBeGreaterThan(0);
      expect(answered, name).toBeGreaterThan(0);
    }
    expect(outcomes.at(-1)?.acknowledged).toBeGreaterThan(LEAST_ACKNOWLEDGED);
    // That it would be seen if it were otherwise.
    expect(sabotaged).toMatchObject({ lost: 1 });
    expect(sabotaged?.doubled).toBeGreaterThan(0);
    expect(sabotaged?.flaws).toEqual(expect.arrayContaining([expect.stringContaining('are not stored')]));
  },
  300_000,
);
