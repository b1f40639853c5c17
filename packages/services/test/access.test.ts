import { type SummaryInput, summaryInputSchema } from '@tidemark/schemas';
import {
  createKey,
  createSession,
  endSession,
  getLimits,
  ingestEvents,
  listKeys,
  listSessions,
  querySummary,
  revokeKey,
  rotateKey,
  type TenantContext,
  tenantContext,
} from '@tidemark/services';
import { describeWithRedis, PostgresProxy, type ServicesResource, servicesResource } from '@tidemark/testing';
import { expect, test } from 'vitest';

const MINUTE_MS = 60_000;
const NOW = Date.parse('2026-11-22T10:00:00Z');
const DAY: SummaryInput = { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z', interval: 'day' };
const refused = { code: 'unauthenticated' };

/** The caller that a bearer is, on a server. */
const callerOf = ({ resources }: ServicesResource, bearer: string): Promise<TenantContext> =>
  tenantContext({ requestId: 'test', resources, bearer, namedTenant: undefined });

async function open(options: Parameters<typeof servicesResource>[0] = {}) {
  const services = await servicesResource(options);
  services.setNow(NOW);
  return services;
}

test('a rotated key answers to its new secret alone, and to the one before for as long as was asked', async () => {
  await using services = await open();
  const admin = await services.tenantContext();
  const { id, secret: first } = await createKey(admin, { name: 'ci', role: 'viewer' });
  await callerOf(services, first);

  const { secret: second, ...rotated } = await rotateKey(admin, { id, graceMs: MINUTE_MS });
  expect(rotated).toMatchObject({ id, name: 'ci', role: 'viewer', previousEndsAt: '2026-11-22T10:01:00.000Z' });
  expect(second.startsWith(rotated.prefix)).toBe(true);
  for (const secret of [first, second]) expect((await callerOf(services, secret)).actor.keyId).toBe(id);
  services.setNow(NOW + MINUTE_MS - 1);
  await callerOf(services, first);
  services.setNow(NOW + MINUTE_MS);
  await expect(callerOf(services, first)).rejects.toMatchObject(refused);

  const { secret: third, previousEndsAt } = await rotateKey(admin, { id, graceMs: 0 });
  expect(previousEndsAt).toBeNull();
  for (const secret of [first, second]) await expect(callerOf(services, secret)).rejects.toMatchObject(refused);
  expect((await callerOf(services, third)).actor.keyId).toBe(id);
});

test('what a secret on its way out signs in ends with it', async () => {
  await using services = await open();
  const admin = await services.tenantContext();
  const { id, secret } = await createKey(admin, { name: 'ci', role: 'viewer' });
  await rotateKey(admin, { id, graceMs: MINUTE_MS });
  const { token, expiresAt } = await createSession(admin, { key: secret });
  expect(expiresAt).toBe('2026-11-22T10:01:00.000Z');
  await callerOf(services, token);
  services.setNow(NOW + MINUTE_MS);
  await expect(callerOf(services, token)).rejects.toMatchObject(refused);
});

test('a sign-in whose key is rotated before its session is stored signs nobody in', async () => {
  await using services = await open();
  await using other = await servicesResource({ databaseUrl: services.url });
  const admin = await services.tenantContext();
  const { id, secret } = await createKey(admin, { name: 'ci', role: 'viewer' });
  // The other server has looked the secret up, and hears of no rotation within this second.
  other.setNow(NOW);
  await callerOf(other, secret);
  await rotateKey(admin, { id, graceMs: 0 });
  await expect(createSession({ ...admin, resources: other.resources }, { key: secret })).rejects.toMatchObject(refused);
  expect(await listSessions(admin)).toEqual([]);
});

test('a key has a hundred sessions at most, the oldest of which ends; and pays for each', async () => {
  await using services = await open();
  const admin = await services.tenantContext();
  const { secret } = await createKey(admin, { name: 'ci', role: 'admin' });
  const tokens: string[] = [];
  for (let count = 0; count < 102; count += 1) {
    services.setNow(NOW + count);
    tokens.push((await createSession(admin, { key: secret })).token);
  }
  expect(await listSessions(admin)).toHaveLength(100);
  const [first = '', , third = ''] = tokens;
  await expect(callerOf(services, first)).rejects.toMatchObject(refused);
  const key = await callerOf(services, secret);
  expect((await getLimits(key)).classes.general.key?.used).toBe(102);
  await callerOf(services, third);
});

test('a second rotation ends the secret that was on its way out', async () => {
  await using services = await open();
  const admin = await services.tenantContext();
  const { id, secret: first } = await createKey(admin, { name: 'ci', role: 'viewer' });
  const { secret: second } = await rotateKey(admin, { id, graceMs: MINUTE_MS });
  const { secret: third } = await rotateKey(admin, { id, graceMs: MINUTE_MS });
  await expect(callerOf(services, first)).rejects.toMatchObject(refused);
  for (const secret of [second, third]) expect((await callerOf(services, secret)).actor.keyId).toBe(id);
});

test('rotation signs out what the key signed in, and revives no key that has ended', async () => {
  await using services = await open();
  const admin = await services.tenantContext();
  const key = await createKey(admin, { name: 'ci', role: 'viewer', expiresAt: '2026-11-22T11:00:00Z' });
  const { token } = await createSession(admin, { key: key.secret });
  await callerOf(services, token);
  await rotateKey(admin, { id: key.id, graceMs: MINUTE_MS });
  await expect(callerOf(services, token)).rejects.toMatchObject(refused);

  services.setNow(NOW + 60 * MINUTE_MS);
  await expect(rotateKey(admin, { id: key.id, graceMs: 0 })).rejects.toMatchObject({ code: 'conflict' });
  const { id } = await createKey(admin, { name: 'revoked', role: 'viewer' });
  await revokeKey(admin, { id });
  await expect(rotateKey(admin, { id, graceMs: 0 })).rejects.toMatchObject({ code: 'conflict' });
});

test('a key ends at its hour, though it was looked up just before', async () => {
  await using services = await open({ elapsed: () => 0 });
  const admin = await services.tenantContext();
  const { secret } = await createKey(admin, { name: 'short', role: 'viewer', expiresAt: '2026-11-22T10:00:01Z' });
  await callerOf(services, secret);
  services.setNow(NOW + 1_000);
  await expect(callerOf(services, secret)).rejects.toMatchObject(refused);
});

test('sessions are listed with the key they stand for, and ended one by one', async () => {
  await using services = await open();
  const admin = await services.tenantContext();
  const key = await createKey(admin, { name: 'ada', role: 'viewer' });
  const { token: first } = await createSession(admin, { key: key.secret });
  services.setNow(NOW + 1_000);
  const { token: second } = await createSession(admin, { key: key.secret });
  const listed = await listSessions(admin);
  expect(listed).toMatchObject([
    { keyId: key.id, keyName: 'ada', role: 'viewer', createdAt: '2026-11-22T10:00:01.000Z', isCurrent: false },
    { createdAt: '2026-11-22T10:00:00.000Z', expiresAt: '2026-12-22T10:00:00.000Z' },
  ]);
  expect(JSON.stringify(listed)).not.toContain(second);

  await callerOf(services, first);
  expect(await endSession(admin, { id: listed[1]?.id })).toEqual({ ended: true });
  await expect(callerOf(services, first)).rejects.toMatchObject(refused);
  const own = await callerOf(services, second);
  await expect(listSessions(own)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(endSession(own, { id: listed[1]?.id })).rejects.toMatchObject({ code: 'forbidden' });
  expect(await endSession(own, { id: listed[0]?.id })).toEqual({ ended: true });
  await expect(callerOf(services, second)).rejects.toMatchObject(refused);
  expect(await listSessions(admin)).toEqual([]);
});

test('a key’s last use is told to the minute, and costs a write a minute at most', async () => {
  await using services = await open({ elapsed: () => 0 });
  const admin = await services.tenantContext();
  const { id, secret } = await createKey(admin, { name: 'ci', role: 'viewer' });
  const lastUsedAt = async () => (await listKeys(admin)).find((key) => key.id === id)?.lastUsedAt;
  const useAt = async (ms: number) => {
    services.setNow(NOW + ms);
    await callerOf(services, secret);
    await services.resources.keyUses.flush();
  };
  expect(await lastUsedAt()).toBeNull();
  await useAt(0);
  expect(await lastUsedAt()).toBe('2026-11-22T10:00:00.000Z');
  await useAt(MINUTE_MS - 1);
  expect(await lastUsedAt()).toBe('2026-11-22T10:00:00.000Z');
  await useAt(MINUTE_MS);
  expect(await lastUsedAt()).toBe('2026-11-22T10:01:00.000Z');
});

test('a cached answer goes on through an outage of the database, for ten minutes, and nobody new gets in', async () => {
  let elapsed = 0;
  await using direct = await open();
  await using proxy = await PostgresProxy.open(direct.url);
  await using services = await open({ databaseUrl: proxy.url, elapsed: () => elapsed });
  const admin = await services.tenantContext();
  await ingestEvents(admin, { events: [{ type: 'view', occurredAt: '2026-11-20T10:00:00Z' }] });
  const { secret } = await createKey(admin, { name: 'reader', role: 'viewer' });
  const { secret: unused } = await createKey(admin, { name: 'unused', role: 'viewer' });
  const { id, secret: stolen } = await createKey(admin, { name: 'stolen', role: 'viewer' });
  const ask = async () => querySummary(await callerOf(services, secret), summaryInputSchema.parse(DAY));
  expect((await ask()).totals.events).toBe(1);
  await callerOf(services, stolen);
  await revokeKey(admin, { id });

  proxy.refuse();
  for (const minutes of [0.1, 1, 5, 9.9]) {
    elapsed = minutes * MINUTE_MS;
    expect(await ask()).toMatchObject({ totals: { events: 1 }, meta: { cache: { status: 'stale' }, exact: false } });
  }
  for (const bearer of [unused, stolen]) {
    await expect(callerOf(services, bearer)).rejects.toMatchObject({ code: 'unavailable' });
  }
  elapsed = 11 * MINUTE_MS;
  await expect(ask()).rejects.toMatchObject({ code: 'unavailable' });
  proxy.accept();
  const isExact = async () => {
    elapsed += 1_000;
    return (await ask()).meta.exact;
  };
  await expect.poll(isExact).toBe(true);
});

describeWithRedis('two servers of one Redis', ({ url: redisUrl }) => {
  test('hear at once from each other that a key, its secret or a session has ended', async () => {
    // Time stands still, so that nothing is looked up again by itself.
    const options = { redisUrl, elapsed: () => 0 };
    await using one = await open(options);
    await using other = await open({ ...options, databaseUrl: one.url });
    await other.resources.bus.onControl(() => {}).ready;
    const admin = await one.tenantContext();
    const revoked = await createKey(admin, { name: 'revoked', role: 'viewer' });
    const rotated = await createKey(admin, { name: 'rotated', role: 'viewer' });
    const kept = await createKey(admin, { name: 'kept', role: 'viewer' });
    const { token } = await createSession(admin, { key: kept.secret });
    for (const bearer of [revoked.secret, rotated.secret, kept.secret, token]) await callerOf(other, bearer);

    await revokeKey(admin, { id: revoked.id });
    await rotateKey(admin, { id: rotated.id, graceMs: 0 });
    await endSession(await callerOf(one, token), undefined);
    for (const bearer of [revoked.secret, rotated.secret, token]) {
      await expect.poll(() => callerOf(other, bearer).catch((error: unknown) => error)).toMatchObject(refused);
    }
    await callerOf(other, kept.secret);
  });
});
