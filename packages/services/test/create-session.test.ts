import { randomUUID } from 'node:crypto';
import { createSession, ensurePlatformKey, renewSignInCode } from '@tidemark/services';
import { Oracle, servicesResource } from '@tidemark/testing';
import { expect, test } from 'vitest';

test('a link that signed nobody in works still, and once', async () => {
  await using services = await servicesResource();
  await using oracle = await Oracle.open(services.url);
  const { resources } = services;
  const secret = 'a platform key of the test';
  await ensurePlatformKey(resources, secret);
  const code = await renewSignInCode(resources, secret);
  const signIn = () => createSession({ requestId: 'test', resources }, { code });
  await oracle.ask(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'there is no room' USING ERRCODE = '53100'; END $$`);
  await oracle.ask('CREATE TRIGGER refuse BEFORE INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION refuse()');
  await expect(signIn()).rejects.toMatchObject({ code: 'unavailable' });
  await oracle.ask('DROP TRIGGER refuse ON sessions');
  expect((await signIn()).token).toMatch(/^tms_/);
  await expect(signIn()).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('an address that tries many keys at once gets hardly more looked up than one after the other', async () => {
  const budget = 10;
  await using services = await servicesResource({ limits: { attempts: { budget, windowMs: 3_600_000 } } });
  const { resources } = services;
  let lookUps = 0;
  const { authenticator } = resources;
  const authenticate = authenticator.authenticate.bind(authenticator);
  authenticator.authenticate = async (bearer) => {
    lookUps += 1;
    return await authenticate(bearer);
  };
  const refusals = await Promise.all(
    Array.from({ length: 300 }, () =>
      createSession({ requestId: 'test', resources, address: '192.0.2.1' }, { key: `tmk_viewer_${randomUUID()}` }).then(
        () => 'signed in',
        ({ code }: { code: string }) => code,
      ),
    ),
  );
  expect(refusals.filter((code) => code === 'unauthenticated')).toHaveLength(budget);
  expect(refusals.filter((code) => code === 'rate_limited')).toHaveLength(300 - budget);
  expect(lookUps).toBeGreaterThanOrEqual(budget);
  expect(lookUps).toBeLessThanOrEqual(budget + 8);
});
