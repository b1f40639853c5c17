/** What every command's exit code means. */
export const EXIT = {
  ok: 0,
  /** It could not be done, or ended early; of a question such as check or health: no. */
  failed: 1,
  /** The command line made no sense; of a question: it cannot be told. */
  usage: 2,
  /** It was done in part. */
  incomplete: 3,
  /** Ctrl-C: 128 and the signal's number, as shells have it. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with one line that says what was wrong and what to do; exit code 1 unless told otherwise. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;

  constructor(message: string, { exitCode = EXIT.failed, ...options }: ErrorOptions & { exitCode?: ExitCode } = {}) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
