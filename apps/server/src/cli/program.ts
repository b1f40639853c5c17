import { Command } from 'commander';
import { addExportCommand } from './export-command.ts';
import { addImportCommand } from './import-command.ts';
import { addLabCommand } from './lab-command.ts';
import { addServeCommand } from './serve-command.ts';
import { addStartCommand } from './start-command.ts';

/** The command line: each command adds itself, and inherits how mistakes are told. */
export function createProgram(): Command {
  const program = new Command('tidemark')
    .description('Real-time event analytics for many tenants on PostgreSQL.')
    .exitOverride()
    .showHelpAfterError('Try --help.')
    .addHelpText('after', '\nEvery command explains itself: tidemark <command> --help');
  addStartCommand(program);
  addServeCommand(program);
  addImportCommand(program);
  addExportCommand(program);
  addLabCommand(program);
  return program;
}
