import type { Command } from 'commander';

const HELP = `
Settings are environment variables: docs/operations.md lists them.

Examples:
  tidemark serve
  DATABASE_URL=postgres://… REDIS_URL=redis://… tidemark serve
`;

/** `serve`: one API server, as a fleet runs it. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('Serves the API alone, over the PostgreSQL that DATABASE_URL names.')
    .addHelpText('after', HELP)
    .action(async () => {
      // Loaded when called, so that the other commands start at once.
      const { serveAlone } = await import('../../start/serve-alone.ts');
      await serveAlone();
    });
}
