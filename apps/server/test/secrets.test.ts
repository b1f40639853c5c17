import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appRouter } from '@tidemark/router';
import { createdKeySchema, createdSessionSchema, credentialsSchema } from '@tidemark/schemas';
import {
  databaseResource,
  Oracle,
  PostgresProxy,
  RedisServer,
  temporaryFolderResource,
  testWithRedisServer,
} from '@tidemark/testing';
import { expect } from 'vitest';
import { contractServer } from './contract/contract-server.ts';
import { dataOf } from './contract/expectations.ts';
import type { Answer, HttpCaller } from './contract/http-caller.ts';
import { SseReader } from './contract/sse-reader.ts';

testWithRedisServer(
  'no secret is in a log, an answer, Redis or the database, whatever is done with it',
  async ({ path }) => {
    await using database = await databaseResource();
    const proxy = await PostgresProxy.open(database.url);
    await using redis = await RedisServer.start(path);
    await using dataDir = await temporaryFolderResource();
    using commands = await redis.record();
    const env = { TIDEMARK_DATA_DIR: dataDir.path, LOG_LEVEL: 'trace', REDIS_URL: redis.url };
    await using api = await contractServer({ databaseUrl: proxy.url, env });
    const { admin, anyone, secrets } = await collectSecrets(api, dataDir.path);

    const answers: Answer[] = [];
    for (const secret of secrets.values()) answers.push(...(await useEverywhere(anyone, secret)));
    for (const [procedure, input] of [
      ['events.tail', {}],
      ['analytics.watch', { last: '1h' }],
    ] as const) {
      await using stream = await SseReader.open(admin, procedure, input);
      await stream.next();
    }
    await proxy[Symbol.asyncDispose]();
    for (const secret of secrets.values()) answers.push(...(await useEverywhere(anyone, secret)));

    await using oracle = await Oracle.open(database.url);
    const places = {
      log: api.server.output(),
      redis: commands.text(),
      database: await dump(oracle),
      answers: answers.map(({ headers, body }) => JSON.stringify([[...headers], body])).join('\n'),
    };
    // Else nothing would have been looked at.
    const expected = {
      log: '"level":',
      redis: '"mget" "tidemark:',
      database: 'tmk_viewer_',
      answers: 'unauthenticated',
    };
    for (const [place, word] of Object.entries(expected)) {
      expect(places[place as keyof typeof places].includes(word), `${place} holds ${word}`).toBe(true);
    }
    for (const [name, secret] of secrets) {
      for (const [place, text] of Object.entries(places)) {
        expect(text.includes(secret), `${name} is in the ${place}`).toBe(false);
        expect(text.includes(Buffer.from(secret).toString('base64')), `${name} is in the ${place}, encoded`).toBe(
          false,
        );
      }
    }
    for (const name of ['admin key', 'viewer key', 'session', 'platform key']) {
      const hash = createHash('sha256')
        .update(secrets.get(name) ?? '')
        .digest('hex');
      expect(places.database.includes(hash), `the database knows the ${name} by its hash`).toBe(true);
    }
  },
  300_000,
);

type Api = Awaited<ReturnType<typeof contractServer>>;

/** One of each kind of secret there is, by what it is. */
async function collectSecrets(api: Api, dataDir: string) {
  const tenant = await api.createTenant();
  const create = async (role: string) =>
    dataOf(await tenant.admin.post('admin.keys.create', { name: role, role }), createdKeySchema);
  const [viewer, revoked] = [await create('viewer'), await create('ingest')];
  await tenant.admin.post('admin.keys.revoke', { id: revoked.id });
  const session = dataOf(await api.anyone.post('admin.sessions.create', { key: viewer.secret }), createdSessionSchema);
  const { signInUrl } = credentialsSchema.parse(JSON.parse(await readFile(join(dataDir, 'credentials.json'), 'utf8')));
  const secrets = new Map([
    ['platform key', api.server.platformKey],
    ['admin key', tenant.admin.headers.authorization?.slice('Bearer '.length) ?? ''],
    ['viewer key', viewer.secret],
    ['revoked key', revoked.secret],
    ['unknown key', `tmk_admin_${'x'.repeat(43)}`],
    ['session', session.token],
    ['sign-in code', new URL(signInUrl).searchParams.get('code') ?? ''],
    ['password of the database', new URL(api.databaseUrl).password],
  ]);
  for (const [name, secret] of secrets) expect(secret.length, name).toBeGreaterThan(7);
  return { admin: tenant.admin, anyone: api.anyone, secrets };
}

/** Calls with it as it is meant, on every procedure, and puts it where it does not belong. */
async function useEverywhere(anyone: HttpCaller, secret: string): Promise<Answer[]> {
  const caller = anyone.withKey(secret);
  const answers: Answer[] = [];
  for (const [path, { _def }] of Object.entries(PROCEDURES)) {
    // Streams are read apart, and what signs out or in would change what is to be seen.
    if (_def.type === 'subscription' || path === 'admin.sessions.end') continue;
    answers.push(
      await (_def.type === 'query' ? caller.query(path, { last: '1h' }) : caller.post(path, { wrong: secret })),
    );
  }
  // An id is said back and logged: only what looks like a secret of ours is told apart from one.
  if (/^tm[ks]_/.test(secret)) answers.push(await anyone.with({ 'x-request-id': secret }).query('events.list', {}));
  const json = { 'content-type': 'application/json' };
  answers.push(
    await caller.query('analytics.summary', { last: '24h', groupBy: 'type' }),
    await caller.send('/trpc/events.list,admin.health?batch=1&input={"0":{}}'),
    await caller.send('/export/events.csv?last=1h'),
    await caller.query('events.list', { search: secret }),
    await caller.query('events.list', { cursor: secret }),
    await caller.send(`/trpc/events.list?key=${secret}`),
    await caller.send(`/healthz?key=${secret}`),
    await anyone.with({ 'x-tenant-id': secret }).query('events.list', {}),
    await anyone.with({ authorization: `Basic ${secret}` }).query('events.list', {}),
    await anyone.with({ authorization: `Bearer ${secret} x` }).query('events.list', {}),
    await anyone.with({ cookie: `tidemark_session=${secret}` }).query('events.list', {}),
    await anyone.post('admin.sessions.create', { key: `${secret}x` }),
    await anyone.post('admin.sessions.create', { code: `${secret}x` }),
    await anyone.post('admin.sessions.create', { key: secret, code: secret }),
    await caller.send('/trpc/admin.keys.create', { method: 'POST', headers: json, body: `{"name":"${secret}"` }),
  );
  return answers;
}

const PROCEDURES = appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>;

/** Every row of every table as text; bytes are in hex. */
async function dump(oracle: Oracle): Promise<string> {
  const tables = await oracle.ask(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const rows = await Promise.all(tables.map(({ name }) => oracle.ask(`SELECT one::text AS row FROM ${name} AS one`)));
  return rows.flatMap((each) => each.map(({ row }) => row)).join('\n');
}
