import { appRouter, type ProcedureMeta, toLimitClass } from '@tidemark/router';
import { AUDIT_ACTIONS } from '@tidemark/schemas';
import type { LabEngine } from '@tidemark/services';
import * as services from '@tidemark/services';
import { Oracle, type ServicesResource, servicesResource } from '@tidemark/testing';
import type { AnyTRPCProcedure } from '@trpc/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCESS_CASES, refusalOf } from './access-cases.ts';
import { createWorld, rolesWith } from './access-world.ts';

/** What a run tells is tested where there is a server to run against. */
const toldNothing: LabEngine['run'] = async function* () {
  yield { type: 'verdict', passed: true, checks: [], tookMs: 0 };
};

let resource: ServicesResource;
beforeAll(async () => {
  resource = await servicesResource({ runLab: toldNothing });
});
afterAll(() => resource[Symbol.asyncDispose]());

/** What services export besides verbs: what servers and commands are put together from. */
const NO_VERBS = [
  'Bill',
  'GroupCommit',
  'TidemarkError',
  'actorContext',
  'anonymousContext',
  'assertScope',
  'chargeAttempt',
  'chargeCall',
  'createResources',
  'createScenario',
  'ensurePlatformKey',
  'foldAll',
  'generateTraffic',
  'isUsableKey',
  'makeKeySecret',
  'prepayCalls',
  'renewSignInCode',
  'replacePlatformKeys',
  'runScenario',
  'startMaintenance',
  'tenantContext',
];

/** Streamed over HTTP beside the router, and tested there. */
const VERBS_OF_HTTP = ['exportEvents'];

test('every procedure has its case', () => {
  expect(Object.keys(ACCESS_CASES).sort()).toEqual(Object.keys(appRouter._def.procedures).sort());
});

test('every procedure is charged as its case says', () => {
  const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, AnyTRPCProcedure>);
  const classes = procedures.map(([path, { _def }]) => {
    return [path, toLimitClass(path, _def.type, _def.meta as ProcedureMeta | undefined)];
  });
  expect(Object.fromEntries(classes)).toEqual(
    Object.fromEntries(Object.entries(ACCESS_CASES).map(([path, { limit = 'general' }]) => [path, limit])),
  );
});

test('every verb is behind a procedure', () => {
  const exported = Object.entries(services).flatMap(([name, value]) => (typeof value === 'function' ? name : []));
  const verbs = Object.values(ACCESS_CASES).map(({ verb }) => verb);
  expect([...verbs, ...VERBS_OF_HTTP, ...NO_VERBS].sort()).toEqual(exported.sort());
});

const AUDITED = Object.keys(ACCESS_CASES).filter((path) => {
  const { type } = (appRouter._def.procedures as unknown as Record<string, AnyTRPCProcedure>)[path]?._def ?? {};
  return path.startsWith('admin.') && (type === 'mutation' || path === 'admin.lab.run');
});

test('what is written down are the procedures that change something', () => {
  expect(AUDITED.map((path) => path.replace('admin.', '')).sort()).toEqual([...AUDIT_ACTIONS].sort());
});

test.each(AUDITED)('%s is written down once, with who did it and without a secret', async (path) => {
  await using oracle = await Oracle.open(resource.url);
  const action = path.replace('admin.', '');
  const read = () => oracle.ask('SELECT * FROM audit_log WHERE action = $1 ORDER BY id', [action]);
  const world = await createWorld(resource);
  const accessCase = ACCESS_CASES[path];
  const role = accessCase?.needs === 'platform' ? 'platform' : 'admin';
  // A key has no session to end.
  const caller = path === 'admin.sessions.end' ? await world.asSession() : await world.as(role);
  const before = await read();
  const answer = await accessCase?.call(caller, world);
  const [row, ...more] = (await read()).filter(({ id }) => !before.some((earlier) => earlier.id === id));
  expect(more).toEqual([]);
  const isOfTheCaller = !['admin.sessions.create', 'admin.sessions.end'].includes(path);
  expect(row).toMatchObject({ request_id: 'test', key_name: isOfTheCaller ? role : 'its own' });
  const text = JSON.stringify(row);
  for (const secret of [world.key.secret, ...secretsIn(answer)]) expect(text).not.toContain(secret);
  // As a word: three letters may stand in any id.
  expect(text).not.toMatch(new RegExp(`\\b${world.event.userId}\\b`));
});

/** The secrets that an answer shows this once. */
function secretsIn(answer: unknown): string[] {
  const { secret, token } = (answer ?? {}) as { secret?: string; token?: string };
  return [secret, token].filter((text) => text !== undefined);
}

for (const [path, { needs, call, cannotReach }] of Object.entries(ACCESS_CASES)) {
  if (needs === 'anyone') {
    test(`${path} asks for no key`, async () => {
      const world = await createWorld(resource);
      expect(await call(await world.as('nobody'), world)).toBeTruthy();
    });
  } else {
    test(`${path} rejects an actor without the scope`, async () => {
      const world = await createWorld(resource);
      for (const caller of [await world.as('nobody'), await world.asRevoked()]) {
        expect((await refusalOf(call(caller, world))).code).toBe('unauthenticated');
      }
      const { having, lacking } = rolesWith(needs === 'any actor' ? 'events:write' : needs);
      const refused = needs === 'any actor' ? [] : lacking;
      for (const role of refused) expect((await refusalOf(call(await world.as(role), world))).code).toBe('forbidden');
      for (const role of having) expect(await call(await world.as(role), world)).toBeTruthy();
    });
  }

  if (needs !== 'anyone') {
    test(`${path} refuses a key that names another tenant, whether there is one or not`, async () => {
      const [own, other] = [await createWorld(resource), await createWorld(resource)];
      const foreign = await refusalOf(call(await own.asNaming(other.tenantId), other));
      const missing = await refusalOf(call(await own.asNaming(crypto.randomUUID()), other));
      expect(foreign.code).toBe('forbidden');
      expect(missing).toEqual(foreign);
    });
  }

  test(`${path} cannot see another tenant’s rows`, async () => {
    const [own, other] = [await createWorld(resource), await createWorld(resource)];
    await cannotReach(own, other);
  });
}
