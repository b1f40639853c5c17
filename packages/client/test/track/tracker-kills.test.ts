import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createTidemark } from '@tidemark/client';
import { ingestInputSchema, ingestOutputSchema } from '@tidemark/schemas';
import {
  auditTenant,
  createLoadTenant,
  databaseResource,
  findFreePort,
  Ledger,
  type LoadEvent,
  makeLoadEvents,
  Oracle,
  serverResource,
} from '@tidemark/testing';
import { expect, test } from 'vitest';

const ROUNDS = 3;
const EVENTS_PER_ROUND = 2_000;
const MAX_LIFE_MS = 200;

/** A fetch that keeps the senders' book of what really went over the wire and came back. */
function keepBook(ledger: Ledger): typeof fetch {
  return async (input, init) => {
    const { events } = ingestInputSchema.parse(JSON.parse(init?.body as string));
    ledger.enterSent(events as LoadEvent[]);
    const response = await fetch(input, init);
    const answer = (await response.clone().json()) as { result?: { data: unknown } };
    if (answer.result !== undefined) {
      ledger.enterReceipts(events as LoadEvent[], ingestOutputSchema.parse(answer.result.data).receipts);
    }
    return response;
  };
}

test('of a server killed at random moments every tracked event is acknowledged, and stored once', {
  timeout: 120_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const oracle = stack.use(await Oracle.open(databaseUrl));
  const port = await findFreePort();
  const start = async () => stack.use(await serverResource({ databaseUrl, port }));
  let server = await start();
  const { id: tenantId, ingestKey: key } = await createLoadTenant(server);
  const ledger = new Ledger();
  const statuses = new Map<string, number>();
  const tidemark = createTidemark({
    url: server.url,
    key,
    fetch: keepBook(ledger),
    tracking: {
      maxBatchEvents: 100,
      flushIntervalMs: 5,
      maxQueuedEvents: 1_000,
      onSettled: (outcomes) => {
        for (const { status } of outcomes) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      },
    },
  });

  for (let round = 0; round < ROUNDS; round++) {
    const killed = delay(randomInt(MAX_LIFE_MS)).then(() => server.kill());
    const restarted = killed.then(async () => {
      server = await start();
    });
    for (const { type, properties, ...details } of makeLoadEvents(EVENTS_PER_ROUND)) {
      while (!tidemark.track(type, properties, details)) await tidemark.tracking.ready();
    }
    await restarted;
  }
  await tidemark.tracking.flush();

  expect(tidemark.tracking.counts).toMatchObject({
    queued: 0,
    stored: ROUNDS * EVENTS_PER_ROUND,
    lost: 0,
    rejected: 0,
  });
  expect(statuses).toEqual(new Map([['stored', ROUNDS * EVENTS_PER_ROUND]]));
  expect(ledger.entries.size).toBe(ROUNDS * EVENTS_PER_ROUND);
  expect([...ledger.entries.values()].some(({ sent }) => sent > 1)).toBe(true);
  expect(await auditTenant(oracle, { tenantId, ledger })).toEqual([]);
});
