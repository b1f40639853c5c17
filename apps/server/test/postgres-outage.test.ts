import { setTimeout as delay } from 'node:timers/promises';
import { type SupervisorEvent, superviseEmbeddedPostgres } from '@tidemark/database';
import {
  auditTenant,
  createLoadTenant,
  databaseResource,
  Ledger,
  makeLoadEvents,
  Oracle,
  PostgresProxy,
  runLoad,
  type ServerResource,
  sendBatch,
  serverResource,
  temporaryFolderResource,
} from '@tidemark/testing';
import { expect, test } from 'vitest';

/** Enough that the load is in full swing before something breaks, and again after. */
const RECEIPTS = 500;

type Fault = () => Promise<void>;

/** Runs a load against a server while its database fails in several ways, one after the other, and audits the end. */
async function surviveFaults(server: ServerResource, oracleUrl: () => string, faults: readonly Fault[]) {
  const tenant = await createLoadTenant(server);
  const ledger = new Ledger();
  const ending = new AbortController();
  const load = runLoad({ url: server.url, key: tenant.ingestKey, ledger, signal: ending.signal }).catch(
    (cause: unknown) => {
      throw new Error(`the load failed, and the server's last words are:\n${server.output().slice(-3_000)}`, { cause });
    },
  );
  load.catch(() => {});
  for (const strike of faults) {
    await Promise.race([ledger.untilMore(RECEIPTS), load]);
    await strike();
  }
  await Promise.race([ledger.untilMore(RECEIPTS), load]);
  ending.abort();
  const { failures } = await load;
  await using oracle = await Oracle.open(oracleUrl());
  expect(await auditTenant(oracle, { tenantId: tenant.id, ledger })).toEqual([]);
  // Its process never ended: a stop in order proves that it is still there, and well.
  await server.stop();
  return failures;
}

test('PostgreSQL killed in the middle of load: the server stays, refuses honestly, and goes on by itself', {
  timeout: 120_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await temporaryFolderResource());
  const events: SupervisorEvent[] = [];
  const restarts: (() => void)[] = [];
  const onEvent = (event: SupervisorEvent) => {
    events.push(event);
    if (event.type === 'restarted') restarts.shift()?.();
  };
  const postgres = stack.use(await superviseEmbeddedPostgres({ dataDir: folder.path, durable: true, onEvent }));
  const server = stack.use(await serverResource({ databaseUrl: postgres.url }));

  const killPostmaster: Fault = async () => {
    const restarted = Promise.withResolvers<void>();
    restarts.push(restarted.resolve);
    process.kill(postgres.pid, 'SIGKILL');
    await restarted.promise;
  };
  /** PostgreSQL then ends all of its other backends and recovers. */
  const killBackend: Fault = async () => {
    await using oracle = await Oracle.open(postgres.url);
    const [row] = await oracle.ask(
      `SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
       ORDER BY state = 'idle', random() LIMIT 1`,
    );
    process.kill(Number(row?.pid), 'SIGKILL');
  };
  const failures = await surviveFaults(server, () => postgres.url, [
    killPostmaster,
    killBackend,
    killPostmaster,
    killBackend,
  ]);

  expect(events.filter(({ type }) => type === 'restarted')).toHaveLength(2);
  // What senders met at most is a refusal that says when to come again: `runLoad` throws at any other.
  expect([...failures.keys()].filter((failure) => failure !== 'unavailable' && failure !== 'overloaded')).toEqual([]);
});

test('PostgreSQL gone: what is sent is refused as unavailable, with a time to come again, and accepted when it is back', {
  timeout: 60_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await databaseResource());
  const proxy = await PostgresProxy.open(url);
  stack.use(proxy);
  const server = stack.use(await serverResource({ databaseUrl: proxy.url }));
  const tenant = await createLoadTenant(server);
  const target = { url: server.url, key: tenant.ingestKey, ledger: new Ledger() };
  const events = makeLoadEvents(10);

  proxy.refuse();
  expect(await sendBatch(target, events)).toMatchObject({
    type: 'refused',
    refusal: { code: 'unavailable', httpStatus: 503, evidence: { retryAfterMs: expect.any(Number) as number } },
  });
  await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status, { timeout: 20_000 }).toBe(503);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);

  proxy.accept();
  const { output } = (await sendBatch(target, events)) as { output: { receipts: { status: string }[] } };
  expect(output.receipts.map(({ status }) => status)).toEqual(events.map(() => 'accepted'));
});

test('PostgreSQL frozen for seconds: nothing acknowledged is lost, and the server goes on by itself', {
  timeout: 120_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const { url } = stack.use(await databaseResource());
  const proxy = stack.use(await PostgresProxy.open(url));
  const server = stack.use(await serverResource({ databaseUrl: proxy.url }));
  const freeze =
    (ms: number): Fault =>
    async () => {
      proxy.freeze();
      // As long as a failing disk or a paused machine holds its breath.
      await delay(ms);
      proxy.thaw();
    };
  await surviveFaults(server, () => url, [freeze(500), freeze(3_000)]);
});
