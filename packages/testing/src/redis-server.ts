import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { findFreePort } from '@tidemark/database';

/** A redis-server process of our own, which a test may kill and start again on the same port. */
export class RedisServer implements AsyncDisposable {
  readonly #path: string;
  readonly port: number;
  #process: ChildProcess;

  private constructor(path: string, port: number, process: ChildProcess) {
    this.#path = path;
    this.port = port;
    this.#process = process;
  }

  static async start(path: string): Promise<RedisServer> {
    const port = await findFreePort();
    return new RedisServer(path, port, await startProcess(path, port));
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
    this.#process = await startProcess(this.#path, this.port);
  }

  /** Empties it, as an operator might. */
  async flush(): Promise<void> {
    const socket = connect(this.port, '127.0.0.1');
    const answered = once(socket, 'data');
    socket.end('FLUSHALL\r\n');
    await answered;
    socket.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }
}

async function startProcess(path: string, port: number): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', '/tmp'];
  const child = spawn(path, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ready = Promise.withResolvers<void>();
  child.on('error', ready.reject);
  child.on('exit', (code) => ready.reject(new Error(`redis-server ended with ${code}`)));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('Ready to accept connections')) ready.resolve();
  });
  await ready.promise;
  return child;
}
