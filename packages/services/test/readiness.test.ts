import { databaseResource, PostgresProxy, servicesResource } from '@tidemark/testing';
import { expect, test } from 'vitest';

test('a server is ready through a blip, however long ago it was looked at, and no longer than that', async () => {
  await using database = await databaseResource();
  await using proxy = await PostgresProxy.open(database.url);
  let now = 0;
  await using services = await servicesResource({ databaseUrl: proxy.url, elapsed: () => now });
  const { readiness } = services.resources;
  const away = (isReady: boolean) => ({ isReady, database: 'down' });
  expect(await readiness.check()).toEqual({ isReady: true, database: 'up' });

  // Nobody has asked for an hour.
  now += 3_600_000;
  proxy.refuse();
  expect(await readiness.check()).toEqual(away(true));
  now += 4_900;
  expect(await readiness.check()).toEqual(away(true));
  now += 200;
  expect(await readiness.check()).toEqual(away(false));

  proxy.accept();
  expect(await readiness.check()).toEqual({ isReady: true, database: 'up' });
  proxy.refuse();
  expect(await readiness.check()).toEqual(away(true));
});
