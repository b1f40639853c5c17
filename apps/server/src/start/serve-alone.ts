import type { AnyTRPCRouter } from '@trpc/server';
import { CliError } from '../cli/cli-error.ts';
import { composeServer } from '../compose-server.ts';
import { createLogger } from '../create-logger.ts';
import { readSettings } from '../settings.ts';
import { assertFreePort } from './assert-free-port.ts';
import { prepareServer } from './prepare-server.ts';
import { untilSignal } from './until-signal.ts';

/** One API server over the PostgreSQL of DATABASE_URL, as a fleet runs it, until it is told to stop. */
export async function serveAlone(router?: AnyTRPCRouter): Promise<void> {
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
    router,
    prepare: async (resources) => {
      // A fleet's members come and go: each leaving three keys per tenant behind would be a crowd.
      await prepareServer(resources, settings, { hasTenantKeys: false });
    },
  });
  logger.info({ host: settings.host, port: settings.port }, 'serving');
  await received;
  logger.info('draining');
}
