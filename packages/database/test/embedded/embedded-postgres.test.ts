import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { isProcessAlive } from '../../src/embedded/postmaster.ts';
import { startEmbeddedPostgres } from '../../src/embedded/start-embedded-postgres.ts';
import { type SupervisorEvent, superviseEmbeddedPostgres } from '../../src/embedded/supervise-embedded-postgres.ts';

/** Made once and used by one test after the other: to set up a cluster takes most of a test's time. */
let madeDataDir: string;
beforeAll(async () => {
  const { dataDir, remove } = await makeDataDir();
  await (await startEmbeddedPostgres({ dataDir, durable: false })).stop();
  madeDataDir = dataDir;
  return remove;
});

test('starts a server that speaks on loopback alone and asks for a password', async () => {
  await using server = await startEmbeddedPostgres({ dataDir: madeDataDir, durable: false });

  const [settings] = await query(
    server.url,
    `SELECT current_setting('listen_addresses') AS addresses, current_setting('unix_socket_directories') AS sockets,
       current_setting('TimeZone') AS zone, current_setting('server_encoding') AS encoding, current_user AS owner`,
  );
  expect(settings).toEqual({ addresses: '127.0.0.1', sockets: '', zone: 'UTC', encoding: 'UTF8', owner: 'tidemark' });

  const wrong = new URL(server.url);
  wrong.password = 'guessed';
  await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
});

test('keeps the password from everyone but the owner', async () => {
  const dataDir = madeDataDir;
  await using server = await startEmbeddedPostgres({ dataDir, durable: false });

  expect(new URL(server.url).password).toBe(await readFile(join(dataDir, 'password'), 'utf8'));
  expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
});

test('keeps what was stored over a stop and a start', async () => {
  const dataDir = madeDataDir;
  const first = await startEmbeddedPostgres({ dataDir });
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.stop();
  expect(await isProcessAlive(first.pid)).toBe(false);

  await using second = await startEmbeddedPostgres({ dataDir });
  expect(second.adopted).toBe(false);
  expect(await query(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

test('adopts the server that a killed process left behind, and stops it in the end', async () => {
  const dataDir = madeDataDir;
  const left = await spawnStarter(dataDir);
  await kill(left.child, 'SIGKILL');
  expect(await isProcessAlive(left.pid)).toBe(true);

  const server = await startEmbeddedPostgres({ dataDir });
  expect(server).toMatchObject({ adopted: true, pid: left.pid, url: left.url });
  await query(server.url, 'SELECT 1');

  await server.stop();
  expect(await isProcessAlive(left.pid)).toBe(false);
});

test('two processes that start the same new folder at once share one server, and the last one stops it', async () => {
  const dataDir = await temporaryDataDir();
  const [one, two] = await Promise.all([spawnStarter(dataDir), spawnStarter(dataDir)]);
  expect(one.url).toBe(two.url);
  expect(new Set([one.adopted, two.adopted])).toEqual(new Set([false, true]));

  await kill(one.child, 'SIGTERM');
  await query(two.url, 'SELECT 1');
  await kill(two.child, 'SIGTERM');
  expect(await isProcessAlive(one.pid)).toBe(false);
});

test('a killed server comes back on the same port with everything that was committed', async () => {
  const events: SupervisorEvent[] = [];
  const back = Promise.withResolvers<void>();
  await using server = await superviseEmbeddedPostgres({
    dataDir: madeDataDir,
    onEvent(event) {
      events.push(event);
      if (event.type === 'restarted') back.resolve();
    },
  });
  await query(server.url, 'CREATE TABLE survived AS SELECT 42 AS answer');
  const { pid, url } = server;

  process.kill(pid, 'SIGKILL');
  await back.promise;

  expect(events).toEqual([
    { type: 'exited', pid },
    { type: 'restarted', pid: server.pid, attempt: 1 },
  ]);
  expect(server.pid).not.toBe(pid);
  expect(server.url).toBe(url);
  expect(await query(url, 'SELECT answer FROM survived')).toEqual([{ answer: 42 }]);
});

test('tries again, later each time, while the port is taken', async () => {
  const failed: SupervisorEvent[] = [];
  const twice = Promise.withResolvers<void>();
  const back = Promise.withResolvers<void>();
  await using server = await superviseEmbeddedPostgres({
    dataDir: madeDataDir,
    durable: false,
    onEvent(event) {
      if (event.type === 'restart_failed') failed.push(event);
      if (failed.length === 2) twice.resolve();
      if (event.type === 'restarted') back.resolve();
    },
  });

  process.kill(server.pid, 'SIGKILL');
  const squatter = await listenOnceFree(server.port);
  await twice.promise;
  squatter.close();
  await back.promise;

  expect(failed.slice(0, 2)).toMatchObject([
    { attempt: 1, retryInMs: 200, error: { message: expect.stringContaining(`port ${server.port} is taken`) } },
    { attempt: 2, retryInMs: 400 },
  ]);
  await query(server.url, 'SELECT 1');
});

test('starts over a process id file that belongs to someone else', async () => {
  const dataDir = madeDataDir;
  // What is left after a restart of a container: our own process now has the id that the server had.
  const pidFile = join(dataDir, 'cluster', 'postmaster.pid');
  await writeFile(pidFile, `${process.pid}\n${join(dataDir, 'cluster')}\n1\n1\n\n127.0.0.1\n\nready\n`);

  await using second = await startEmbeddedPostgres({ dataDir, durable: false });
  expect(second.adopted).toBe(false);
  await query(second.url, 'SELECT 1');
});

test('refuses data of another version in a sentence that says what to do', async () => {
  const dataDir = await temporaryDataDir();
  await mkdir(join(dataDir, 'cluster'), { recursive: true });
  await writeFile(join(dataDir, 'cluster', 'PG_VERSION'), '15\n');

  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
    /is of PostgreSQL 15, the embedded PostgreSQL is 18: move it away .* DATABASE_URL/,
  );
});

test('refuses a folder that cannot be one', async () => {
  const dataDir = await temporaryDataDir();
  await writeFile(dataDir, 'a file');
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/cannot be used \(EEXIST\).*DATABASE_URL/);
});

async function temporaryDataDir(): Promise<string> {
  const { dataDir, remove } = await makeDataDir();
  onTestFinished(remove);
  return dataDir;
}

async function makeDataDir() {
  const folder = await mkdtemp(join(tmpdir(), 'tidemark-embedded-'));
  // Root's server runs as another user, who must be able to pass.
  await chmod(folder, 0o711);
  return { dataDir: join(folder, 'postgres'), remove: () => rm(folder, { recursive: true, force: true }) };
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(statement);
    return rows;
  } finally {
    await client.end();
  }
}

type Starter = { child: ChildProcess; url: string; pid: number; adopted: boolean };

async function spawnStarter(dataDir: string): Promise<Starter> {
  const script = join(import.meta.dirname, 'start-and-leave.ts');
  const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, ...(JSON.parse(line.toString()) as Omit<Starter, 'child'>) };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

/** Takes a port at the moment its holder lets go of it. */
async function listenOnceFree(port: number) {
  for (;;) {
    const server = createServer();
    const outcome = Promise.withResolvers<boolean>();
    server.once('listening', () => outcome.resolve(true)).once('error', () => outcome.resolve(false));
    server.listen(port, '127.0.0.1');
    if (await outcome.promise) return server;
  }
}
