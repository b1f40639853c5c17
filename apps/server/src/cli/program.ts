import { Command } from 'commander';
import { checkCommand } from './commands/check-command.ts';
import { doctorCommand } from './commands/doctor-command.ts';
import { addExportCommand } from './commands/export-command.ts';
import { healthCommand } from './commands/health-command.ts';
import { addImportCommand } from './commands/import-command.ts';
import { keysCommand } from './commands/keys-command.ts';
import { addLabCommand } from './commands/lab-command.ts';
import { limitsCommand } from './commands/limits-command.ts';
import { queryBreakdownCommand } from './commands/query-breakdown-command.ts';
import { querySummaryCommand } from './commands/query-summary-command.ts';
import { retentionCommand } from './commands/retention-command.ts';
import { seedCommand } from './commands/seed-command.ts';
import { addServeCommand } from './commands/serve-command.ts';
import { addStartCommand } from './commands/start-command.ts';
import { tailCommand } from './commands/tail-command.ts';
import { tenantsCommand } from './commands/tenants-command.ts';
import { watchCommand } from './commands/watch-command.ts';
import { type CliCommand, defineGroup } from './define-command.ts';

const queryCommand = defineGroup({
  name: 'query',
  description: 'Asks once: summary, breakdown.',
  commands: [querySummaryCommand, queryBreakdownCommand],
  examples: ['query summary --tenant acme --range 7d', 'query breakdown --tenant acme --by property:plan'],
});

/** The command line, by what one wants to do. */
const COMMANDS: Readonly<Record<string, readonly CliCommand[]>> = {
  'Run:': [addStartCommand, addServeCommand, healthCommand, doctorCommand, addLabCommand],
  'Ask:': [queryCommand, watchCommand, tailCommand, checkCommand],
  'Fill and take along:': [addImportCommand, addExportCommand, seedCommand],
  'Manage:': [tenantsCommand, keysCommand, limitsCommand, retentionCommand],
};

const HELP = `
Every command explains itself, with examples: tidemark <command> --help
Where to: --url and --key, else TIDEMARK_URL and TIDEMARK_KEY, else .tidemark/credentials.json of the local server.
Exit codes: 0 done, 1 failed (or: no, it does not hold), 2 made no sense (or: could not be told), 3 done in part,
130 interrupted.`;

/** Each command adds itself, and inherits how mistakes are told. */
export function createProgram(): Command {
  const program = new Command('tidemark')
    .description('Real-time event analytics for many tenants on PostgreSQL.')
    .exitOverride()
    .showHelpAfterError('Try --help.')
    .addHelpText('after', HELP);
  for (const [title, commands] of Object.entries(COMMANDS)) {
    program.commandsGroup(title);
    for (const add of commands) add(program);
  }
  return program;
}
