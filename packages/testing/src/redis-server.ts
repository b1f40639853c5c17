import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@tidemark/database';

export type RedisServerOptions = {
  /** Where its own folder is made. Default: the system's folder for temporary files. */
  readonly parent?: string;
  /** Further arguments of redis-server. */
  readonly args?: readonly string[];
};

export type RedisRecord = Disposable & { text(): string };

type Launch = {
  readonly path: string;
  readonly port: number;
  readonly folder: string;
  readonly args: readonly string[];
};

/**
 * A redis-server process of our own, which a test may kill and start again on the same port. It saves when it is told
 * to, and begins with what was saved last.
 */
export class RedisServer implements AsyncDisposable {
  readonly #launch: Launch;
  #process: ChildProcess;

  private constructor(launch: Launch, process: ChildProcess) {
    this.#launch = launch;
    this.#process = process;
  }

  static async start(path: string, { parent = tmpdir(), args = [] }: RedisServerOptions = {}): Promise<RedisServer> {
    const folder = await mkdtemp(join(parent, 'redis-'));
    const launch = { path, port: await findFreePort(), folder, args };
    return new RedisServer(launch, await startProcess(launch));
  }

  get port(): number {
    return this.#launch.port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }

  async restart(): Promise<void> {
    await this.kill();
    this.#process = await startProcess(this.#launch);
  }

  /** Empties it, as an operator might. */
  async flush(): Promise<void> {
    const socket = connect(this.port, '127.0.0.1');
    const answered = once(socket, 'data');
    socket.end('FLUSHALL\r\n');
    await answered;
    socket.destroy();
  }

  /** Everything that is said to it from now on: each command with its keys and values. */
  async record(): Promise<RedisRecord> {
    const socket = connect(this.port, '127.0.0.1').setEncoding('utf8');
    let text = '';
    socket.on('data', (more: string) => {
      text += more;
    });
    const answered = once(socket, 'data');
    socket.write('MONITOR\r\n');
    await answered;
    return { text: () => text, [Symbol.dispose]: () => void socket.destroy() };
  }

  /** Stops answering without closing a connection, until `thaw`. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.#launch.folder, { recursive: true, force: true });
  }
}

async function startProcess({ path, port, folder, args }: Launch): Promise<ChildProcess> {
  const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const child = spawn(path, [...fixed, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ready = Promise.withResolvers<void>();
  child.on('error', ready.reject);
  child.on('exit', (code) => ready.reject(new Error(`redis-server ended with ${code}`)));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('Ready to accept connections')) ready.resolve();
  });
  await ready.promise;
  return child;
}
