import { join } from 'node:path';
import { superviseEmbeddedPostgres } from '@tidemark/database';
import type { Credentials } from '@tidemark/schemas';
import type { Command } from 'commander';
import { composeServer } from '../compose-server.ts';
import { createLogger } from '../create-logger.ts';
import { readSettings } from '../env.ts';
import { assertFreePort } from '../start/assert-free-port.ts';
import { buildDashboard } from '../start/dashboard-build.ts';
import { toGreeting } from '../start/greeting.ts';
import { prepareServer } from '../start/prepare-server.ts';
import { startDashboard } from '../start/start-dashboard.ts';
import { toDatabaseError } from '../start/to-database-error.ts';
import { untilSignal } from '../start/until-signal.ts';

/** `start`: everything a person needs, on one machine. */
export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('start everything here: PostgreSQL (unless DATABASE_URL names one), the API and the dashboard')
    .action(async () => {
      const settings = readSettings();
      const logger = createLogger(settings.logLevel ?? 'warn');
      await assertFreePort(settings.port, 'TIDEMARK_PORT');
      await assertFreePort(settings.dashboardPort, 'TIDEMARK_DASHBOARD_PORT');
      const { signal, received } = untilSignal();
      const built = buildDashboard(signal);
      built.catch(() => {});

      await using stack = new AsyncDisposableStack();
      const databaseUrl =
        settings.databaseUrl ??
        stack.use(await superviseEmbeddedPostgres({ dataDir: join(settings.dataDir, 'postgres') })).url;
      let credentials: Credentials | undefined;
      stack.use(
        await composeServer({
          ...settings,
          databaseUrl,
          logger,
          prepare: async (resources) => {
            credentials = await prepareServer(resources, settings);
          },
        }).catch((error: unknown) => {
          throw settings.databaseUrl === undefined ? error : toDatabaseError(databaseUrl, error);
        }),
      );
      await built;
      const api = `http://127.0.0.1:${settings.port}`;
      stack.use(await startDashboard({ port: settings.dashboardPort, api, logger }));
      if (credentials !== undefined) process.stdout.write(`${toGreeting(credentials, settings.dataDir)}\n`);
      await received;
      process.stdout.write('\n  Stopping …\n');
    });
}
