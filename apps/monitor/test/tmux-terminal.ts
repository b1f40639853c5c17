import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const PATIENCE_MS = 20_000;
const POLL_INTERVAL_MS = 50;

export type TmuxOptions = {
  /** The program of tmux. */
  readonly path: string;
  /** An empty folder for its socket. */
  readonly folder: string;
  readonly columns: number;
  readonly rows: number;
  readonly env: NodeJS.ProcessEnv;
};

/** A terminal with a shell in it, to type into and to look at. */
export class TmuxTerminal implements AsyncDisposable {
  readonly #options: TmuxOptions;

  private constructor(options: TmuxOptions) {
    this.#options = options;
  }

  static async open(options: TmuxOptions): Promise<TmuxTerminal> {
    const terminal = new TmuxTerminal(options);
    const { columns, rows } = options;
    await terminal.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, 'sh');
    // What is typed before the first prompt is echoed before it: the prompt would then stand in front of an answer.
    await terminal.untilScreen(/^[#$]/);
    return terminal;
  }

  get folder(): string {
    return this.#options.folder;
  }

  /** Types a line and enters it. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press('Enter');
  }

  /** Types characters as they are. */
  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', text);
  }

  /** Presses keys by their names, such as `q` or `Escape`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', '-x', `${columns}`, '-y', `${rows}`);
  }

  /** Everything that the program writes to the terminal while something is done. */
  async written(act: () => Promise<void>): Promise<string> {
    const file = join(this.#options.folder, 'written');
    await this.#tmux('pipe-pane', `cat > '${file}'`);
    await act();
    await this.#tmux('pipe-pane');
    return readFile(file, 'utf8');
  }

  /** What is on the screen, without trailing blanks. */
  async screen(): Promise<string> {
    return this.#tmux('capture-pane', '-p');
  }

  /** Whether a program has taken the whole screen. */
  async isOnAlternateScreen(): Promise<boolean> {
    return (await this.#tmux('display-message', '-p', '#{alternate_on}')).trim() === '1';
  }

  /** The same with its colours, as escape sequences. */
  async styledScreen(): Promise<string> {
    return this.#tmux('capture-pane', '-p', '-e');
  }

  async hasCursor(): Promise<boolean> {
    return (await this.#tmux('display-message', '-p', '#{cursor_flag}')).trim() === '1';
  }

  /** The process that the shell is waiting for. */
  async foregroundPid(): Promise<number> {
    const shell = (await this.#tmux('display-message', '-p', '#{pane_pid}')).trim();
    const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', shell]);
    return Number(stdout);
  }

  /** Looks until the screen shows it, and gives that screen. */
  async untilScreen(shows: RegExp): Promise<string> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const screen = await this.screen();
      if (shows.test(screen)) return screen;
      if (performance.now() > deadline) throw new Error(`the screen never showed ${shows}, but:\n${screen}`);
      await delay(POLL_INTERVAL_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux('kill-server');
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const { path, folder, env } = this.#options;
    const { stdout } = await run(path, ['-u', '-S', join(folder, 'tmux'), ...args], { env });
    return stdout;
  }
}
