import type { Command } from 'commander';

/** `serve`: one API server, as a fleet runs it. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('serve the API alone, over the PostgreSQL that DATABASE_URL names')
    .action(async () => {
      // Loaded when called, so that the other commands start at once.
      const { serveAlone } = await import('../start/serve-alone.ts');
      await serveAlone();
    });
}
