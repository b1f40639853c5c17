import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { superviseEmbeddedPostgres } from '@tidemark/database';
import type { Credentials } from '@tidemark/schemas';
import { composeServer } from '../compose-server.ts';
import { createLogger } from '../create-logger.ts';
import { readSettings } from '../settings.ts';
import { assertFreePort } from './assert-free-port.ts';
import { buildDashboard } from './dashboard-build.ts';
import { toGreeting } from './greeting.ts';
import { prepareServer } from './prepare-server.ts';
import { startDashboard } from './start-dashboard.ts';
import { untilSignal } from './until-signal.ts';

/** Everything a person needs on one machine, until Ctrl-C: PostgreSQL, the API and the dashboard. */
export async function startEverything(): Promise<void> {
  const settings = readSettings();
  const logger = createLogger(settings.logLevel ?? 'warn');
  await assertFreePort(settings.port, 'TIDEMARK_PORT', settings.host);
  await assertFreePort(settings.dashboardPort, 'TIDEMARK_DASHBOARD_PORT');
  const { signal, received } = untilSignal();
  await using stack = new AsyncDisposableStack();
  const failed = new AbortController();
  stack.defer(() => failed.abort());
  const built = buildDashboard(AbortSignal.any([signal, failed.signal]), () => say('Building the dashboard.'));
  built.catch(() => {});

  const databaseUrl =
    settings.databaseUrl ??
    stack.use(
      await superviseEmbeddedPostgres({
        dataDir: join(settings.dataDir, 'postgres'),
        onEvent: (event) => logger.warn(event, 'the embedded PostgreSQL'),
      }),
    ).url;
  let credentials: Credentials | undefined;
  const dashboardToken = settings.dashboardToken ?? randomBytes(32).toString('base64url');
  stack.use(
    await composeServer({
      ...settings,
      databaseUrl,
      dashboardToken,
      // The embedded PostgreSQL is locked to the one start that brought it along.
      isOnlyServer: settings.databaseUrl === undefined,
      logger,
      prepare: async (resources) => {
        credentials = await prepareServer(resources, settings, { hasTenantKeys: true });
      },
    }),
  );
  await built.catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  if (signal.aborted) return;
  const api = `http://127.0.0.1:${settings.port}`;
  const { dashboardPort, trustedProxies } = settings;
  stack.use(await startDashboard({ port: dashboardPort, api, token: dashboardToken, trustedProxies, logger }));
  if (credentials !== undefined) say(toGreeting(credentials, settings.dataDir));
  await received;
  say('\n  Stopping …');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
