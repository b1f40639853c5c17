import type { Command } from 'commander';

/** `start`: everything a person needs, on one machine. */
export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('start everything here: PostgreSQL (unless DATABASE_URL names one), the API and the dashboard')
    .action(async () => {
      // Loaded when called, so that the other commands start at once.
      const { startEverything } = await import('../start/start-everything.ts');
      await startEverything();
    });
}
