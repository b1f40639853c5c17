// A second server for a run of the lab: it seeds nothing, writes no credentials, and ends with the process that began it.
import { composeServer } from '../compose-server.ts';
import { createLogger } from '../create-logger.ts';
import { readSettings } from '../settings.ts';
import { untilSignal } from '../start/until-signal.ts';

const settings = readSettings();
const { databaseUrl } = settings;
if (databaseUrl === undefined) throw new Error('DATABASE_URL is not set');
const { received } = untilSignal();
const orphaned = new Promise<void>((resolve) => process.once('disconnect', resolve));
await using _server = await composeServer({
  ...settings,
  databaseUrl,
  logger: createLogger(settings.logLevel ?? 'warn'),
  prepare: async () => {},
});
process.send?.('serving');
await Promise.race([received, orphaned]);
process.disconnect?.();
