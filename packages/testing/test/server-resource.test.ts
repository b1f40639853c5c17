import { expect, test } from 'vitest';
import { databaseResource, findFreePort, serverResource } from '../src/index.ts';

test('a server of its own answers, dies when killed, and comes back where it was', async () => {
  await using database = await databaseResource();
  await using killed = await serverResource({ databaseUrl: database.url });
  expect(await fetch(`${killed.url}/healthz`)).toHaveProperty('status', 200);

  await killed.kill();
  await expect(fetch(`${killed.url}/healthz`)).rejects.toThrow('fetch failed');

  await using back = await serverResource({ databaseUrl: database.url, port: killed.port });
  expect(back.url).toBe(killed.url);
  expect(await fetch(`${back.url}/readyz`)).toHaveProperty('status', 200);
});

test('a server that cannot start fails with what it said', async () => {
  const nobody = `postgres://tidemark@127.0.0.1:${await findFreePort()}/tidemark`;
  await expect(serverResource({ databaseUrl: nobody })).rejects.toThrow(/The server ended with 1:\n.*ECONNREFUSED/);
});
