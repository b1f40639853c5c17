import { databaseResource } from '@tidemark/testing';
import { expect, test } from 'vitest';
import { createBlindLimitStore, createDeafStore, createForgetfulStore, createIdleLoadSource } from './broken-parts.ts';
import { LabServer } from './lab-server.ts';

/** A short run: long enough for each phase to measure something. */
const SHORT = { phaseSeconds: 2 } as const;

/** A clock by which nothing is ever recent. */
function createLeapingClock(): () => number {
  let leapt = 0;
  return () => {
    leapt += 10_000;
    return performance.now() + leapt;
  };
}

test('the cache scenario passes, and tells phases, pictures and results on its way', async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const server = stack.use(await LabServer.open({ databaseUrl, parts: { isOnlyServer: true } }));
  const { messages, verdict } = await server.run({ scenario: 'cache_performance', ...SHORT });
  expect(verdict.checks.filter(({ passed }) => !passed)).toEqual([]);
  const phases = messages.flatMap((message) => (message.type === 'phase' ? message.phase : []));
  const results = messages.flatMap((message) => (message.type === 'result' ? message.phase : []));
  expect(phases).toEqual(['seed', 'cold', 'warm', 'invalidate']);
  expect(results).toEqual(phases);
  expect(messages.filter(({ type }) => type === 'sample').length).toBeGreaterThan(2);
});

test('the cache scenario fails where nothing is kept', async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const parts = { sharedCache: createForgetfulStore(), elapsed: createLeapingClock() };
  const server = stack.use(await LabServer.open({ databaseUrl, parts }));
  expect(await server.failedChecks({ scenario: 'cache_performance', ...SHORT })).toContain(
    'hits of repeated questions',
  );
});

test('the cache scenario fails where commits take nothing out of date', async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const server = stack.use(await LabServer.open({ databaseUrl, parts: { sharedCache: createDeafStore() } }));
  expect(await server.failedChecks({ scenario: 'cache_performance', ...SHORT })).toEqual(
    expect.arrayContaining(['slowest commit to be seen', 'wrong numbers']),
  );
});

test('the scenario of two servers passes where they share a database', async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const second = stack.use(await LabServer.open({ databaseUrl }));
  const first = stack.use(await LabServer.open({ databaseUrl, secondUrl: second.url }));
  expect(await first.failedChecks({ scenario: 'end_to_end', ...SHORT })).toEqual([]);
});

test('the scenario of two servers fails where the second hears of no commit', async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const second = stack.use(await LabServer.open({ databaseUrl, parts: { sharedCache: createDeafStore() } }));
  const first = stack.use(await LabServer.open({ databaseUrl, secondUrl: second.url }));
  expect(await first.failedChecks({ scenario: 'end_to_end', ...SHORT })).toEqual(
    expect.arrayContaining(['commits the second server did not see']),
  );
});

test('the scenario of a traffic spike passes where limits are counted', async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const server = stack.use(await LabServer.open({ databaseUrl }));
  expect(await server.failedChecks({ scenario: 'traffic_spike', ...SHORT })).toEqual([]);
  // A client that put them into a few requests would need a few connections.
  expect(server.mostConnections).toBeGreaterThanOrEqual(100);
});

test('the scenario of a traffic spike fails where nobody counts', async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const server = stack.use(await LabServer.open({ databaseUrl, parts: { limitStore: createBlindLimitStore() } }));
  expect(await server.failedChecks({ scenario: 'traffic_spike', ...SHORT })).toEqual(
    expect.arrayContaining(['calls refused by the limit', 'calls answered beyond the budget']),
  );
});

test('the scenario of the circuit breaker passes', async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const server = stack.use(await LabServer.open({ databaseUrl }));
  expect(await server.failedChecks({ scenario: 'circuit_breaker', ...SHORT })).toEqual([]);
});

test('the scenario of the circuit breaker fails where an outage is not known for one', async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const server = stack.use(await LabServer.open({ databaseUrl, hidesOutages: true }));
  expect(await server.failedChecks({ scenario: 'circuit_breaker', ...SHORT })).toEqual(
    expect.arrayContaining(['kept questions refused', 'refusals that name no time']),
  );
});

test('the scenario of graceful degradation passes under load', async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const server = stack.use(await LabServer.open({ databaseUrl }));
  expect(await server.failedChecks({ scenario: 'graceful_degradation' })).toEqual([]);
}, 150_000);

test('the scenario of graceful degradation fails where nobody measures the load', async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const parts = { load: createIdleLoadSource() };
  const server = stack.use(await LabServer.open({ databaseUrl, parts }));
  expect(await server.failedChecks({ scenario: 'graceful_degradation', ...SHORT })).toEqual(
    expect.arrayContaining(['highest level', 'calls of low priority shed']),
  );
});
