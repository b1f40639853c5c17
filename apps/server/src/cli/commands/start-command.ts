import type { Command } from 'commander';

const HELP = `
Settings are environment variables: docs/operations.md lists them.

Examples:
  tidemark start
  TIDEMARK_PORT=3101 TIDEMARK_DASHBOARD_PORT=5273 tidemark start
  TIDEMARK_DEMO=0 DATABASE_URL=postgres://… tidemark start
`;

/** `start`: everything a person needs, on one machine. */
export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('Starts everything here: PostgreSQL (unless DATABASE_URL names one), the API and the dashboard.')
    .addHelpText('after', HELP)
    .action(async () => {
      // Loaded when called, so that the other commands start at once.
      const { startEverything } = await import('../../start/start-everything.ts');
      await startEverything();
    });
}
