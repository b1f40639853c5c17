import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { temporaryFolderResource } from '@tidemark/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { MAIN, runMonitorCommand } from './monitor-command.ts';
import { type MonitoredServer, monitoredServerResource } from './monitored-server.ts';

// Each starts processes of its own, which take long on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

let server: MonitoredServer;

beforeAll(async () => {
  server = await monitoredServerResource();
  await server.tidemark.events.ingest.mutate({
    events: [
      { type: 'signup', userId: 'ada' },
      { type: 'view', userId: 'ada' },
      { type: 'view', userId: 'grace' },
      { type: 'view' },
    ],
  });
});
afterAll(() => server[Symbol.asyncDispose]());

test('without a terminal it prints one page of plain text', async () => {
  const { stdout, exitCode } = await runMonitorCommand([], {
    TIDEMARK_URL: server.url,
    TIDEMARK_KEY: server.viewerKey,
  });
  expect(exitCode).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toBe('acme · last 24h · Europe/Berlin');
  expect(lines[1]).toMatch(/^Events {9}4 {2}new {2}\(0 before\)$/);
  expect(lines[2]).toMatch(/^Unique users {3}2 /);
  expect(lines.slice(4, 7)).toEqual([
    'Top types',
    expect.stringMatching(/^ {2}view +3 +75\.0% +new$/),
    expect.stringMatching(/^ {2}signup +1 +25\.0% +new$/),
  ]);
  expect(lines.at(-1)).toMatch(/^exact · from \w+ · as of \d\d:\d\d:\d\d/);
  expect(stdout).not.toContain('\u001b');
});

test('as JSON it prints the answer itself', async () => {
  const args = ['--json', '--range', '1h', '--tenant', 'acme', '--url', server.url, '--key', server.viewerKey];
  const { stdout, exitCode } = await runMonitorCommand(args, {});
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    url: server.url,
    tenant: { slug: 'acme' },
    range: '1h',
    summary: { totals: { events: 4, users: 2 }, meta: { exact: true } },
  });
});

test('every view once, as text and as JSON', async () => {
  const env = { TIDEMARK_URL: server.url, TIDEMARK_KEY: server.viewerKey };
  const [events, breakdown, system, json, lab, filter] = await Promise.all([
    runMonitorCommand(['--once', '--view', 'events', '--filter', 'signup'], env),
    runMonitorCommand(['--once', '--view', 'breakdown', '--by', 'user'], env),
    runMonitorCommand(['--once', '--view', 'system'], env),
    runMonitorCommand(['--json', '--view', 'breakdown'], env),
    runMonitorCommand(['--once', '--view', 'lab'], env),
    runMonitorCommand(['--once', '--filter', 'device=watch'], env),
  ]);
  expect(events.stdout).toMatch(/^acme · last 24h · Europe\/Berlin\n\S+Z {2}signup {2}ada {2}– {2}\{\}\n$/);
  expect(breakdown.stdout).toMatch(/\nada +2 +50\.0% +1 users\n/);
  expect(system.stdout).toMatch(/\nPostgreSQL +up, [\d.]+ ms\n/);
  expect(JSON.parse(json.stdout)).toMatchObject({
    view: 'breakdown',
    by: 'type',
    breakdown: { rows: [{ key: 'view' }, {}] },
  });
  expect([lab.exitCode, filter.exitCode]).toEqual([1, 1]);
  expect(filter.stderr).toMatch(/^--filter device=watch: devices: /);
});

test('events as JSON go on, one a line, until nobody reads them', async () => {
  const env = { PATH: '', TIDEMARK_URL: server.url, TIDEMARK_KEY: server.viewerKey };
  const child = spawn(process.execPath, [MAIN, '--view', 'events', '--json', '--filter', 'order'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  // It begins at what is stored when it connects, so the event comes again until it is heard.
  const ingest = () => server.tidemark.events.ingest.mutate({ events: [{ type: 'order', userId: 'ada' }] });
  const sending = setInterval(() => void ingest(), 200);
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  child.stdout.destroy();
  await ended;
  clearInterval(sending);
  expect(JSON.parse(line.split('\n')[0] ?? '')).toMatchObject({ type: 'order', userId: 'ada' });
  expect(child.exitCode).toBe(0);
});

test('without a server it says how to start one', async () => {
  const { stderr, stdout, exitCode } = await runMonitorCommand(['--once'], {
    TIDEMARK_URL: 'http://127.0.0.1:9',
    TIDEMARK_KEY: 'any',
  });
  expect(stderr).toBe('No server at http://127.0.0.1:9.\nStart one with: npm start\n');
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
});

test('a wrong key, tenant, flag or folder is one clear line and an exit code', async () => {
  await using folder = await temporaryFolderResource();
  const env = { TIDEMARK_URL: server.url, TIDEMARK_KEY: server.viewerKey };
  const wrong = [
    runMonitorCommand([], { ...env, TIDEMARK_KEY: 'wrong' }),
    runMonitorCommand(['--tenant', 'nobody'], env),
    runMonitorCommand(['--range', '2h'], env),
    runMonitorCommand([], { TIDEMARK_DATA_DIR: folder.path }),
  ];
  const [key, tenant, flag, credentials] = await Promise.all(wrong);
  expect(key?.stderr).toMatch(/^The key was refused: /);
  expect(tenant?.stderr).toBe('No tenant "nobody".\nThere are: acme\n');
  expect(flag?.stderr).toMatch(/^error: option '--range <range>' argument '2h' is invalid/);
  expect(credentials?.stderr).toContain(`there is no ${join(folder.path, 'credentials.json')}`);
  for (const one of [key, tenant, flag, credentials]) expect(one?.exitCode).toBe(1);
});

test('the help names every flag and gives examples', async () => {
  const { stdout, exitCode } = await runMonitorCommand(['--help'], {});
  expect(exitCode).toBe(0);
  for (const flag of ['--url', '--key', '--tenant', '--view', '--range', '--filter', '--once', '--json'])
    expect(stdout).toContain(flag);
  expect(stdout).toContain('npm run monitor -- --tenant acme --range 7d');
});
