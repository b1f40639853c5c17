import { withAdvisoryLock } from '@tidemark/database';
import type { Credentials } from '@tidemark/schemas';
import type { Resources } from '@tidemark/services';
import { writeCredentials } from '../credentials.ts';
import { seedDemo } from '../seed-demo.ts';
import type { Settings } from '../settings.ts';

/** Before the first request: the demo into an empty database, and the credentials. Servers take turns. */
export async function prepareServer(
  resources: Resources,
  settings: Settings,
  { hasTenantKeys }: { readonly hasTenantKeys: boolean },
): Promise<Credentials> {
  return await withAdvisoryLock(resources.database, 'startUp', async () => {
    if (settings.isDemo) await seedDemo(resources, settings.dataDir);
    return await writeCredentials(resources, {
      dataDir: settings.dataDir,
      api: `http://127.0.0.1:${settings.port}`,
      dashboard: `http://127.0.0.1:${settings.dashboardPort}`,
      platformKey: settings.platformKey,
      hasTenantKeys,
    });
  });
}
