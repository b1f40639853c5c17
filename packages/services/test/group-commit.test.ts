import type { NewEvent } from '@tidemark/database';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GroupCommit, type Stored } from '../src/events/group-commit.ts';
import { TidemarkError } from '../src/tidemark-error.ts';
import { ControlledStore, toOutcome, toParts } from './controlled-store.ts';

const RUNS = 600;
const TENANTS = ['a', 'b', 'c'] as const;
/** The bounds of group-commit.ts. */
const MAX_COMMIT_EVENTS = 4_000;
const MAX_TENANT_EVENTS = 10_000;
const MAX_WAITING_EVENTS = 50_000;

let made = 0;
function makeEvents(count: number): NewEvent[] {
  return Array.from({ length: count }, () => ({
    id: `event ${made++}`,
    occurredAt: 0,
    receivedAt: 0,
    type: 'view',
    userId: null,
    sessionId: null,
    device: 0,
    properties: '{}',
  }));
}

const commandArbitrary = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ tenant: fc.constantFrom(...TENANTS), size: fc.constantFrom(1, 2, 7, 3_000, 3_000) }),
  },
  // A store that is under way comes to its end, well or not.
  {
    weight: 2,
    arbitrary: fc.record({ end: fc.nat(), isFailing: fc.boolean(), cuts: fc.array(fc.nat(), { maxLength: 3 }) }),
  },
);

type Submission = {
  readonly tenantId: string;
  readonly events: readonly NewEvent[];
  /** Its answer, or what was thrown. */
  readonly end: Promise<Stored | Error>;
};

test(`each submission gets its own outcomes in order, whatever runs, merges and fails meanwhile (${RUNS} runs)`, async () => {
  const seen = { merged: 0, failed: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(commandArbitrary, { minLength: 1, maxLength: 40, size: 'max' }), async (commands) => {
      const store = new ControlledStore();
      const groupCommit = new GroupCommit(store.store);
      const submissions: Submission[] = [];
      for (const command of commands) {
        if ('end' in command) await store.end(command);
        else {
          const events = makeEvents(command.size);
          const answer = Promise.try(() => groupCommit.submit(command.tenant, events, 'a key'));
          submissions.push({ tenantId: command.tenant, events, end: answer.catch((error: Error) => error) });
        }
      }
      await store.endAll(groupCommit);
      await groupCommit.whenIdle();
      expect(groupCommit.waitingEvents).toBe(0);

      const taken: Submission[] = [];
      for (const submission of submissions) {
        const end = await submission.end;
        if (end instanceof TidemarkError) {
          expect(end).toMatchObject({ code: 'overloaded' });
          seen.refused += 1;
          continue;
        }
        taken.push(submission);
        assertOwnAnswer(submission.events, end, store);
        seen.failed += Number(end instanceof Error);
      }
      // Handed to the store once each, in each tenant's order, and nothing of what was refused.
      for (const tenant of TENANTS) {
        const order = taken.filter(({ tenantId }) => tenantId === tenant).flatMap(({ events }) => events);
        expect(store.eventsOf(tenant).map(({ id }) => id)).toEqual(order.map(({ id }) => id));
      }
      for (const { events } of store.calls) expect(events.length).toBeLessThanOrEqual(MAX_COMMIT_EVENTS);
      seen.merged += taken.length - store.calls.length;
    }),
    { numRuns: RUNS },
  );
  // A run that meets none of the hard cases would prove nothing.
  for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThanOrEqual(RUNS / 20);
}, 120_000);

/** The failure of the call that had its events, or the outcomes of just these events in their order. */
function assertOwnAnswer(events: readonly NewEvent[], end: Stored | Error, { failures }: ControlledStore): void {
  const failure = events.map((event) => failures.get(event));
  expect(new Set(failure).size).toBe(1);
  if (failure[0] !== undefined) {
    expect(end).toBe(failure[0]);
    return;
  }
  const outcomes = events.map(toOutcome);
  const committedAt: unknown = outcomes.includes('accepted') ? expect.any(Number) : null;
  expect(end).toEqual({ outcomes, committedAt });
}

test('senders that were just answered are in the next commit, where few wait for it', async () => {
  const groupCommit = new GroupCommit(async (_, events) => {
    sizes.push(events.length);
    return await Promise.resolve(toParts(events, []));
  });
  const sizes: number[] = [];
  const send = async () => {
    for (let sent = 0; sent < 3; sent += 1) await groupCommit.submit('a', makeEvents(1), 'a key');
  };
  // The first goes out alone, as nothing is known of others; from then on all ten meet.
  await Promise.all(Array.from({ length: 10 }, send));
  expect(sizes).toEqual([1, 10, 10, 9]);
});

/** A store that waits until it is let go. */
function heldStore() {
  const gate = Promise.withResolvers<void>();
  const groupCommit = new GroupCommit(async (_, events) => {
    await gate.promise;
    return toParts(events, []);
  });
  return { groupCommit, release: gate.resolve };
}

test('a full queue refuses with a time to come again, and drops nothing that it took', async () => {
  const { groupCommit, release } = heldStore();
  const taken = Array.from({ length: MAX_TENANT_EVENTS / 1_000 }, () => makeEvents(1_000));
  const answers = taken.map((events) => groupCommit.submit('a', events, 'a key'));
  expect(groupCommit.waitingEvents).toBe(MAX_TENANT_EVENTS);

  const refusal = { code: 'overloaded', evidence: { retryAfterMs: expect.any(Number) as number } };
  expect(() => groupCommit.submit('a', makeEvents(1), 'a key')).toThrow(expect.objectContaining(refusal));
  const neighbour = groupCommit.submit('b', makeEvents(1), 'a key');

  release();
  expect((await Promise.all(answers)).map(({ outcomes }) => outcomes)).toEqual(
    taken.map((events) => events.map(toOutcome)),
  );
  await neighbour;
  await groupCommit.whenIdle();
  expect((await groupCommit.submit('a', makeEvents(1_000), 'a key')).outcomes).toHaveLength(1_000);
});

test('tenants together fill the queue of the whole server', async () => {
  const { groupCommit, release } = heldStore();
  const answers = Array.from({ length: MAX_WAITING_EVENTS / 1_000 }, (_, index) =>
    groupCommit.submit(`tenant ${index % 7}`, makeEvents(1_000), 'a key'),
  );
  expect(() => groupCommit.submit('another', makeEvents(1), 'a key')).toThrow(
    expect.objectContaining({ code: 'overloaded' }),
  );
  release();
  expect(await Promise.all(answers)).toHaveLength(50);
  expect(groupCommit.waitingEvents).toBe(0);
});
