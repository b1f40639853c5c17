import { readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { CuttingProxy, temporaryFolderResource, testWithTmux } from '@tidemark/testing';
import { expect, vi } from 'vitest';
import { MAIN } from './monitor-command.ts';
import { type MonitoredServer, monitoredServerResource } from './monitored-server.ts';
import { TmuxTerminal } from './tmux-terminal.ts';

const START = `${process.execPath} ${MAIN}; echo "left with $?"`;

const PATIENCE_MS = 20_000;
/** What sets a colour, of text or behind it. */
const COLOR = new RegExp(`${'\\u001b'}\\[(?:\\d+;)*[34][0-7]`);

/** A module that makes its process fail by a mistake, when it is told to: at once, or by what draws events. */
const FALLING = `
  process.on('SIGUSR2', () => { throw new TypeError('a mistake'); });
  process.on('SIGALRM', () => { String.prototype.padEnd = () => { throw new TypeError('a bad picture'); }; });`;

/** A terminal of 80x24 whose shell knows the server, and a server with three events. */
async function openTerminal(stack: AsyncDisposableStack, path: string, server: MonitoredServer) {
  const folder = stack.use(await temporaryFolderResource());
  // What a desktop opens an address with.
  for (const opener of ['xdg-open', 'open']) {
    await writeFile(join(folder.path, opener), `#!/bin/sh\necho "$1" > "${folder.path}/opened"\n`, { mode: 0o755 });
  }
  await writeFile(join(folder.path, 'falling.mjs'), FALLING);
  const env = {
    ...process.env,
    PATH: `${folder.path}${delimiter}${process.env.PATH}`,
    FOLDER: folder.path,
    TIDEMARK_URL: server.url,
    TIDEMARK_KEY: server.viewerKey,
    TIDEMARK_DASHBOARD: 'http://127.0.0.1:5173',
    CI: 'true',
    TERM: 'xterm',
  };
  return stack.use(await TmuxTerminal.open({ path, folder: folder.path, columns: 80, rows: 24, env }));
}

async function ingest({ tidemark }: MonitoredServer, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => ({ type: 'view', userId: `user ${index}` }));
  await tidemark.events.ingest.mutate({ events });
}

/** Events of three days ago, a second apart and numbered in their users' names. */
async function ingestPast({ tidemark }: MonitoredServer, count: number): Promise<void> {
  const from = Date.now() - 3 * 86_400_000;
  const events = Array.from({ length: count }, (_, index) => ({
    type: 'old',
    userId: `past ${index}`,
    occurredAt: new Date(from + index * 1_000).toISOString(),
  }));
  await tidemark.events.ingest.mutate({ events });
}

const ESCAPE = '\u001b';
const [BEGIN, END] = [`${ESCAPE}[?2026h`, `${ESCAPE}[?2026l`];

/** Nothing is wiped away before it is drawn anew, and no frame is seen before it is whole. */
function expectNoFlicker(written: string): void {
  expect(written).toContain(END);
  // The last may have been cut off by the end of the recording.
  for (const frame of written.split(BEGIN).slice(1, -1)) expect(frame).toContain(END);
  expect(written).not.toMatch(new RegExp(`${ESCAPE}\\[(?:[0-3]?J|2K)`));
}

testWithTmux(
  'the screen comes alive, follows, survives its server, resizes and gives the shell back',
  async ({ path }) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await monitoredServerResource());
    await ingest(server, 3);
    const terminal = await openTerminal(stack, path, server);

    await terminal.enter(START);
    const first = await terminal.untilScreen(/● live/);
    expect(first).toMatch(/^Tidemark {2}acme · last 24h · Europe\/Berlin +● live$/m);
    expect(first).toMatch(/^view +━+ +3 +100\.0% +new$/m);
    expect(await terminal.isOnAlternateScreen()).toBe(true);

    const written = await terminal.written(async () => {
      await ingest(server, 4);
      await terminal.untilScreen(/^view +━+ +7 /m);
    });
    expectNoFlicker(written);

    await terminal.resize(60, 15);
    const small = await terminal.untilScreen(/^view +━{1,20} +7 /m);
    expect(small.trimEnd().split('\n')).toHaveLength(15);
    await terminal.resize(80, 24);

    await server.kill();
    await terminal.untilScreen(/○ reconnecting… last data \d+ s ago/);
    await server.restart();
    await terminal.untilScreen(/● live/);
    await ingest(server, 5);
    await terminal.untilScreen(/^view +━+ +12 /m);

    await terminal.press('q');
    await terminal.untilScreen(/^left with 0$/m);
    expect(await terminal.isOnAlternateScreen()).toBe(false);
  },
  120_000,
);

testWithTmux(
  'every view by its number: it fits, follows, filters, and comes back after its connection',
  async ({ path }) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await monitoredServerResource());
    await ingest(server, 3);
    const ports = [Number(new URL(server.url).port)];
    const network = stack.use(await CuttingProxy.open({ ports, seed: 1 }));
    const terminal = await openTerminal(stack, path, { ...server, url: network.url });
    await terminal.enter(START);
    await terminal.untilScreen(/● live/);

    // What is older than anything here is no longer kept, which is nobody's to see.
    const { retention } = server.tidemark.admin;
    await retention.set.mutate({ rawDays: 30, rollupDays: null });
    await ingestPast(server, 600);
    await expect.poll(async () => (await retention.get.query()).rawFrom, { timeout: PATIENCE_MS }).not.toBeNull();
    await terminal.press('2');
    await terminal.untilScreen(/view +user 2 +– *$/m);
    // From the hundred that are listed at first: what is above the top one comes when it is reached.
    for (const top of [503, 254, 4]) {
      await terminal.press('g');
      await terminal.untilScreen(new RegExp(`^\\S+ +old +past ${top - 1} `, 'm'));
    }
    expect(await terminal.untilScreen(/nothing older/)).toMatch(/^\S+ +old +past 0 /m);
    await terminal.press('k', 'j', 'G');
    await terminal.untilScreen(/view +user 2 +– *$/m);
    await server.tidemark.events.ingest.mutate({
      events: [{ type: 'signup', userId: 'ada', properties: { plan: 'pro' } }],
    });
    await terminal.untilScreen(/signup +ada +– +\{"plan":"pro"\}$/m);
    await terminal.press('Enter');
    await terminal.untilScreen(/^type +signup$/m);
    await terminal.press('Escape');
    await terminal.untilScreen(/^held: /m);
    await terminal.press('/');
    await terminal.untilScreen(/^filter:/m);
    await terminal.type('user="user 1"');
    await terminal.press('Enter');
    // Only what was followed can have been missed.
    await terminal.untilScreen(/only user="user 1" .*● live\n(?:.*\n)+.*view +user 1 /);
    network.shut();
    await terminal.untilScreen(/○ reconnecting…/);
    network.reopen();
    // Nothing was stored, and nothing is, yet it is back.
    await terminal.untilScreen(/● live/);
    network.shut();
    await terminal.untilScreen(/○ reconnecting…/);
    await ingest(server, 2);
    network.reopen();
    await terminal.untilScreen(/^back again: 1 event meanwhile$/m);

    await terminal.press('3');
    await terminal.untilScreen(/^▸view +━+ +2 +100\.0% +1$/m);
    await terminal.press('BSpace');
    await terminal.untilScreen(/^ signup +━*╸? +1 +16\.7% +1$/m);
    await terminal.press('Down', 'Enter');
    await terminal.untilScreen(/only signup /);
    await terminal.press('o');
    await terminal.untilScreen(/in the dashboard: http/);
    const opened = () => readFile(join(terminal.folder, 'opened'), 'utf8');
    await vi.waitFor(async () => {
      expect(await opened()).toBe('http://127.0.0.1:5173/?tenant=acme&range=24h&by=device&type=signup\n');
    }, PATIENCE_MS);
    await terminal.press('4');
    await terminal.untilScreen(/^● PostgreSQL +up, /m);
    await terminal.resize(60, 15);
    expect((await terminal.untilScreen(/more that are well/)).trimEnd().split('\n')).toHaveLength(15);
    await terminal.press('5');
    await terminal.untilScreen(/^▸cache_performance /m);
    await terminal.press('Enter');
    expect(await terminal.untilScreen(/✗ refused/)).toContain('A viewer key is enough.');
    await terminal.press('q');
    await terminal.untilScreen(/^left with 0$/m);
  },
  120_000,
);

testWithTmux(
  'a scenario of the lab is chosen, followed and judged, and the monitor goes on',
  async ({ path }) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await monitoredServerResource());
    const terminal = await openTerminal(stack, path, { ...server, viewerKey: server.platformKey });

    await terminal.enter(START);
    await terminal.untilScreen(/● live/);
    await terminal.press('5');
    await terminal.untilScreen(/^▸cache_performance /m);
    await terminal.press('Enter');
    await terminal.untilScreen(/^▸ Ask the same again/m);
    const judged = await terminal.untilScreen(/(?:passed|FAILED) in \d+\.\d s/);
    expect(judged).toMatch(/^✓ Ask the same again/m);
    expect(judged).toMatch(/^(?:Passed|Failed)$/m);
    await terminal.press('1');
    await terminal.untilScreen(/^Events per second /m);
    await terminal.press('q');
    await terminal.untilScreen(/^left with 0$/m);
  },
  120_000,
);

testWithTmux(
  'it waits for a server that is not there yet',
  async ({ path }) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await monitoredServerResource());
    await server.kill();
    const terminal = await openTerminal(stack, path, server);

    await terminal.enter(START);
    const waiting = await terminal.untilScreen(/No server at/);
    expect(waiting).toMatch(/^ +No server at http:\/\/127\.0\.0\.1:\d+\.$/m);
    expect(waiting).toContain('Start one with: npm start');
    await server.restart();
    await terminal.untilScreen(/● live/);
    await terminal.press('q');
    await terminal.untilScreen(/^left with 0$/m);
  },
  120_000,
);

testWithTmux(
  'a revoked key ends the watch and says so',
  async ({ path }) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await monitoredServerResource());
    await ingest(server, 3);
    const terminal = await openTerminal(stack, path, server);

    await terminal.enter(START);
    await terminal.untilScreen(/● live/);
    const [key] = await server.tidemark.admin.keys.list.query();
    await server.tidemark.admin.keys.revoke.mutate({ id: key?.id ?? '' });
    const refused = await terminal.untilScreen(/✗ refused/);
    expect(refused).toContain('The key was refused:');
  },
  120_000,
);

testWithTmux(
  'Ctrl-C, a signal and a mistake leave the terminal as it was',
  async ({ path }) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await monitoredServerResource());
    await ingest(server, 3);
    const terminal = await openTerminal(stack, path, server);

    await terminal.enter(`env -u CI NO_COLOR=1 ${START}`);
    await terminal.untilScreen(/● live/);
    expect(await terminal.styledScreen()).not.toMatch(COLOR);
    await terminal.press('C-c');
    await terminal.untilScreen(/^left with 0$/m);

    // Where CI is set, nobody is thought to see colours.
    await terminal.enter(`env -u CI ${START.replace('left', 'ended')}`);
    await terminal.untilScreen(/● live/);
    expect(await terminal.styledScreen()).toMatch(COLOR);
    process.kill(await terminal.foregroundPid(), 'SIGTERM');
    await terminal.untilScreen(/^ended with 143$/m);
    expect(await terminal.isOnAlternateScreen()).toBe(false);

    await terminal.enter(`NODE_OPTIONS="--import $FOLDER/falling.mjs" ${START.replace('left', 'fallen')}`);
    await terminal.untilScreen(/● live/);
    process.kill(await terminal.foregroundPid(), 'SIGUSR2');
    const fallen = await terminal.untilScreen(/^fallen with [1-9]/m);
    expect(fallen).toContain('TypeError: a mistake');
    expect(await terminal.isOnAlternateScreen()).toBe(false);
    expect(await terminal.hasCursor()).toBe(true);

    await terminal.enter(`NODE_OPTIONS="--import $FOLDER/falling.mjs" ${START.replace('left', 'broken')}`);
    await terminal.untilScreen(/● live/);
    process.kill(await terminal.foregroundPid(), 'SIGALRM');
    await terminal.press('2');
    const broken = await terminal.untilScreen(/^broken with [1-9]/m);
    expect(broken).toContain('The monitor made a mistake (TypeError: a bad picture)');
    expect(await terminal.isOnAlternateScreen()).toBe(false);
    expect(await terminal.hasCursor()).toBe(true);
  },
  120_000,
);
