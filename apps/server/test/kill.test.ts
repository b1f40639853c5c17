import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  auditTenant,
  createLoadTenant,
  databaseResource,
  findFreePort,
  Ledger,
  makeLoadEvents,
  Oracle,
  PostgresProxy,
  runLoad,
  sendBatch,
  serverResource,
} from '@tidemark/testing';
import { expect, test } from 'vitest';

const ROUNDS = 5;
/** Each round gets this many receipts through, then dies within the time. */
const RECEIPTS_PER_ROUND = 500;
const MAX_LIFE_MS = 300;

test('a server killed at random moments loses nothing it acknowledged and counts nothing twice', {
  timeout: 120_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const { url: databaseUrl } = stack.use(await databaseResource());
  const oracle = stack.use(await Oracle.open(databaseUrl));
  const port = await findFreePort();
  const start = async () => stack.use(await serverResource({ databaseUrl, port }));
  let server = await start();
  const tenant = await createLoadTenant(server);
  const ledger = new Ledger();
  const ending = new AbortController();
  const load = runLoad({ url: server.url, key: tenant.ingestKey, ledger, signal: ending.signal });
  load.catch(() => {});

  for (let round = 0; round < ROUNDS; round++) {
    await Promise.race([ledger.untilMore(RECEIPTS_PER_ROUND), load]);
    // Not a wait for anything: the moment of the kill is what is random.
    await delay(randomInt(MAX_LIFE_MS));
    await server.kill();
    server = await start();
  }
  await Promise.race([ledger.untilMore(RECEIPTS_PER_ROUND), load]);
  ending.abort();
  const { failures } = await load;

  expect(await auditTenant(oracle, { tenantId: tenant.id, ledger })).toEqual([]);
  expect([...failures.keys()]).toContain('ECONNREFUSED');
  expect(ledger.entries.size).toBeGreaterThan((ROUNDS * RECEIPTS_PER_ROUND) / 2);
});

test.for([
  { when: 'between the commit and the receipt', point: 'answer', status: 'duplicate' },
  { when: 'before the commit', point: 'request', status: 'accepted' },
] as const)('a server killed $when answers the retry with $status', { timeout: 60_000 }, async ({ point, status }) => {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await databaseResource());
  const oracle = stack.use(await Oracle.open(url));
  const proxy = stack.use(await PostgresProxy.open(url));
  const port = await findFreePort();
  const server = stack.use(await serverResource({ databaseUrl: proxy.url, port }));
  const tenant = await createLoadTenant(server);
  const ledger = new Ledger();
  const target = { url: server.url, key: tenant.ingestKey, ledger };
  const stored = async () => {
    const [row] = await oracle.ask('SELECT count(*) FROM events WHERE tenant_id = $1', [tenant.id]);
    return Number(row?.count);
  };
  const events = makeLoadEvents(500);

  const held = proxy.holdNextCommit(point);
  const unanswered = sendBatch(target, events);
  await held;
  expect(await stored()).toBe(point === 'answer' ? events.length : 0);
  await server.kill();
  expect(await unanswered).toMatchObject({ type: 'lost' });

  stack.use(await serverResource({ databaseUrl: proxy.url, port }));
  const retry = await sendBatch(target, events);
  if (retry.type !== 'answered') throw new Error(`the retry was ${retry.type}`);
  expect(retry.output.receipts.map((receipt) => receipt.status)).toEqual(events.map(() => status));
  expect(await stored()).toBe(events.length);
  expect(await auditTenant(oracle, { tenantId: tenant.id, ledger })).toEqual([]);
});
