import type { Command } from 'commander';
import { composeServer } from '../compose-server.ts';
import { createLogger } from '../create-logger.ts';
import { readSettings } from '../env.ts';
import { assertFreePort } from '../start/assert-free-port.ts';
import { prepareServer } from '../start/prepare-server.ts';
import { untilSignal } from '../start/until-signal.ts';
import { CliError } from './cli-error.ts';

/** `serve`: one API server over the PostgreSQL of DATABASE_URL, as a fleet runs it. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('serve the API alone, over the PostgreSQL that DATABASE_URL names')
    .action(async () => {
      const settings = readSettings();
      const { databaseUrl } = settings;
      if (databaseUrl === undefined) {
        throw new CliError('DATABASE_URL is not set: name a PostgreSQL, or use "start", which brings one along.');
      }
      const logger = createLogger(settings.logLevel ?? 'info');
      await assertFreePort(settings.port, 'TIDEMARK_PORT', settings.host);
      const { received } = untilSignal();
      await using _server = await composeServer({
        ...settings,
        databaseUrl,
        logger,
        prepare: async (resources) => {
          await prepareServer(resources, settings);
        },
      });
      logger.info({ host: settings.host, port: settings.port }, 'serving');
      await received;
      logger.info('draining');
    });
}
