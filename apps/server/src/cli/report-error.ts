import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { CliError, EXIT } from './cli-error.ts';

/** Tells what went wrong, in one line where a person can mend it, and returns the exit code. */
export async function reportError(error: unknown): Promise<number> {
  // Commander has said it already; asking for help is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof CliError) {
    process.stderr.write(`tidemark: ${error.message}\n`);
    return error.exitCode;
  }
  // Loaded when needed, so that commands which ask a server start at once.
  const { EmbeddedPostgresError } = await import('@tidemark/database');
  if (error instanceof EmbeddedPostgresError) {
    process.stderr.write(`tidemark: ${error.message}\n`);
    return EXIT.failed;
  }
  process.stderr.write(`tidemark: an unexpected error, please report it:\n${inspect(error)}\n`);
  return EXIT.failed;
}
