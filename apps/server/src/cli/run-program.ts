import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { CliError, EXIT } from './cli-error.ts';
import { reportError } from './report-error.ts';

/** Runs the command that the arguments name; what goes wrong is told and becomes the process's exit code. */
export async function runProgram(program: Command, argv: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // It has told its own by now; asking for help is no mistake.
      process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    } else if (error instanceof CliError) {
      process.stderr.write(`tidemark: ${error.message}\n`);
      process.exitCode = error.exitCode;
    } else {
      reportError(error);
      process.exitCode = EXIT.failed;
    }
  }
}
