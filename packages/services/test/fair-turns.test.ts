import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { FairTurns } from '../src/resilience/fair-turns.ts';

const LIMITS = { slots: 5, slotsPerTenant: 3 };

/** Work that ends when it is told to. */
class Works {
  readonly turns: FairTurns;
  readonly running: { readonly tenant: string; readonly end: () => void }[] = [];
  readonly begun: string[] = [];
  readonly failures: unknown[] = [];

  constructor(turns: FairTurns) {
    this.turns = turns;
  }

  submit(tenant: string, fails = false): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.turns
      .run(tenant, async () => {
        const one = { tenant, end: resolve };
        this.begun.push(tenant);
        this.running.push(one);
        await promise;
        this.running.splice(this.running.indexOf(one), 1);
        if (fails) throw new Error('failed');
      })
      .catch((error: unknown) => this.failures.push(error));
  }

  runningOf(tenant: string): number {
    return this.running.filter((one) => one.tenant === tenant).length;
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

const stepArbitrary = fc.oneof(
  fc.record({ type: fc.constant('submit' as const), tenant: fc.constantFrom('a', 'b', 'c', 'd'), fails: fc.boolean() }),
  fc.record({ type: fc.constant('end' as const), which: fc.nat(10) }),
);

test('no slot is left free for whom there is work, none is given twice, and nobody holds more than its share', async () => {
  let crowded = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(stepArbitrary, { minLength: 20, maxLength: 80 }), async (steps) => {
      const works = new Works(new FairTurns(LIMITS));
      let submitted = 0;
      for (const step of steps) {
        if (step.type === 'submit') {
          submitted += 1;
          works.submit(step.tenant, step.fails);
        } else works.running[step.which % Math.max(1, works.running.length)]?.end();
        await settle();
        const { running, waiting } = works.turns;
        expect(running).toBe(works.running.length);
        expect(running).toBeLessThanOrEqual(LIMITS.slots);
        for (const tenant of ['a', 'b', 'c', 'd']) {
          expect(works.runningOf(tenant)).toBeLessThanOrEqual(LIMITS.slotsPerTenant);
        }
        // Work waits only behind full slots, or behind its own tenant's share.
        if (waiting > 0 && running < LIMITS.slots) {
          const atShare = ['a', 'b', 'c', 'd'].filter((tenant) => works.runningOf(tenant) === LIMITS.slotsPerTenant);
          expect(atShare).toHaveLength(1);
        }
        if (waiting > 0 && running === LIMITS.slots) crowded += 1;
      }
      while (works.running.length > 0) {
        for (const { end } of works.running) end();
        await settle();
      }
      expect(works.begun).toHaveLength(submitted);
      expect(works.turns).toMatchObject({ running: 0, waiting: 0 });
    }),
    { numRuns: 300 },
  );
  expect(crowded).toBeGreaterThan(300);
});

test('whoever waits behind a long queue of another tenant is next', async () => {
  const works = new Works(new FairTurns(LIMITS));
  for (let count = 0; count < 50; count += 1) works.submit('a');
  works.submit('b');
  works.submit('c');
  await settle();
  // The rest of the slots is not the first tenant's.
  expect([works.runningOf('a'), works.runningOf('b'), works.runningOf('c')]).toEqual([3, 1, 1]);
  works.submit('d');
  works.running[0]?.end();
  await settle();
  expect(works.begun.at(-1)).toBe('d');
});

test('the queues of many leave room to wait for others: the longest gives up its last', async () => {
  const works = new Works(new FairTurns({ ...LIMITS, waiting: 8, waitingPerTenant: 5 }));
  for (const tenant of ['a', 'a', 'a', 'b', 'b']) works.submit(tenant);
  for (const tenant of ['a', 'a', 'a', 'a', 'a', 'b', 'b', 'b']) works.submit(tenant);
  await settle();
  expect(works.failures).toEqual([]);
  for (const tenant of ['c', 'c', 'c']) works.submit(tenant);
  await settle();
  expect([works.failures.length, works.turns.waiting]).toEqual([3, 8]);
  // 3 : 3 : 2, which one more could only turn round.
  works.submit('c');
  await settle();
  expect([works.failures.length, works.turns.waiting]).toEqual([4, 8]);
  while (works.running.length > 0) {
    for (const { end } of works.running) end();
    await settle();
  }
  const counts = ['a', 'b', 'c'].map((tenant) => works.begun.filter((one) => one === tenant).length);
  expect(counts).toEqual([6, 5, 2]);
});

test('what does not fit is refused at once, what waits too long later; both with a time to come again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const works = new Works(new FairTurns({ ...LIMITS, waiting: 3, waitingPerTenant: 2, patienceMs: 10 }));
  for (const tenant of ['a', 'a', 'a', 'b', 'b', 'a', 'a', 'a', 'b', 'c']) works.submit(tenant);
  await settle();
  expect(works.failures).toHaveLength(2);
  vi.advanceTimersByTime(9);
  await settle();
  expect(works.failures).toHaveLength(2);
  vi.advanceTimersByTime(1);
  await settle();
  expect(works.failures).toHaveLength(5);
  for (const failure of works.failures)
    expect(failure).toMatchObject({ code: 'overloaded', evidence: { retryAfterMs: 1_000 } });
  for (const { end } of works.running) end();
  await settle();
  // Nothing was lost on the way: every slot is there for the next.
  for (let count = 0; count < 3; count += 1) works.submit('d');
  for (let count = 0; count < 3; count += 1) works.submit('e');
  await settle();
  expect(works.turns).toMatchObject({ running: 5, waiting: 1 });
});

test('who waits for turns of their own is told from who waits for those of others', async () => {
  const turns = new FairTurns(LIMITS);
  const works = new Works(turns);
  for (let count = 0; count < 5; count += 1) works.submit('a');
  await settle();
  expect([...turns.ownWaits.keys()]).toEqual(['a']);
  expect(turns.crowdedMs).toBe(0);
  for (let count = 0; count < 3; count += 1) works.submit('b');
  await settle();
  // One of the third's waits since the others hold all there is.
  expect([...turns.ownWaits.keys()]).toEqual(['a']);
  expect(turns.crowdedMs).toBeGreaterThan(0);
  for (let rounds = 0; rounds < 5; rounds += 1) {
    for (const { end } of works.running.slice()) end();
    await settle();
  }
  expect([turns.ownWaits.size, turns.crowdedMs]).toEqual([0, 0]);
});
