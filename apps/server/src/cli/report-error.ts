import { inspect } from 'node:util';
import { EmbeddedPostgresError } from '@tidemark/database';
import { CommanderError } from 'commander';
import { CliError, EXIT } from './cli-error.ts';

/** Tells what went wrong, in one line where a person can mend it, and returns the exit code. */
export function reportError(error: unknown): number {
  // Commander has said it already; asking for help is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof CliError || error instanceof EmbeddedPostgresError) {
    process.stderr.write(`tidemark: ${error.message}\n`);
    return error instanceof CliError ? error.exitCode : EXIT.failed;
  }
  process.stderr.write(`tidemark: an unexpected error, please report it:\n${inspect(error)}\n`);
  return EXIT.failed;
}
