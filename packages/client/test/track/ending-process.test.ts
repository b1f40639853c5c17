import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { UnreliableServer } from '../unreliable-server.ts';

const run = promisify(execFile);
const CLIENT = fileURLToPath(new URL('../../src/index.ts', import.meta.url));

/** A script that tracks an event and has nothing else to do; its last line says what it told of the event. */
const TRACK_AND_END = `
  const { createTidemark } = await import(process.argv[1]);
  const [, , url, exitTimeoutMs] = process.argv;
  const onSettled = (outcomes) => console.log(outcomes.map(({ status }) => status).join());
  const tracking = { flushIntervalMs: 3_600_000, exitTimeoutMs: Number(exitTimeoutMs), onSettled };
  createTidemark({ url, tracking }).track('view', { last: true });
`;

async function trackAndEnd(url: string, exitTimeoutMs: number): Promise<string> {
  const args = ['--input-type=module', '-e', TRACK_AND_END, CLIENT, url, String(exitTimeoutMs)];
  return (await run(process.execPath, args)).stdout.trim();
}

test('a process that ends by itself sends what it has, without waiting for the interval', async () => {
  await using server = await UnreliableServer.start();
  expect(await trackAndEnd(server.url, 60_000)).toBe('stored');
  expect(server.ingested).toMatchObject([{ events: [{ type: 'view', properties: { last: true } }] }]);
});

test('it does not wait for ever for a server that is gone', async () => {
  const server = await UnreliableServer.start();
  await server.close();
  expect(await trackAndEnd(server.url, 100)).toBe('lost');
});
