import { join } from 'node:path';
import type { Credentials } from '@tidemark/schemas';

/** What a person needs to know once everything runs. */
export function toGreeting({ api, dashboard, signInUrl, tenants }: Credentials, dataDir: string): string {
  const credentials = join(dataDir, 'credentials.json');
  const [tenant] = tenants;
  const lines = [
    '',
    '  Tidemark is up. Ctrl-C stops it.',
    '',
    `  Sign in     ${signInUrl}`,
    '              (works once, for a day; later sign in with a key)',
    `  Dashboard   ${dashboard}`,
    `  API         ${api}`,
    '  Monitor     npm run monitor',
    `  Keys        ${credentials}`,
    '',
  ];
  if (tenant === undefined) {
    return [
      ...lines,
      '  There is no tenant yet. Make one:',
      '',
      `    KEY=$(node -p "JSON.parse(fs.readFileSync('${credentials}')).platformKey")`,
      `    curl ${api}/trpc/admin.tenants.create -H "authorization: Bearer $KEY" \\`,
      `      -H 'content-type: application/json' -d '{"slug":"my-app","name":"My app"}'`,
      '',
    ].join('\n');
  }
  return [
    ...lines,
    '  Send an event:',
    '',
    `    KEY=$(node -p "JSON.parse(fs.readFileSync('${credentials}')).tenants[0].keys.ingest")`,
    `    curl ${api}/trpc/events.ingest -H "authorization: Bearer $KEY" \\`,
    `      -H 'content-type: application/json' -d '{"events":[{"type":"sign_up","userId":"ada"}]}'`,
    '',
    '  Or from TypeScript:',
    '',
    `    import { createTidemark } from '@tidemark/client';`,
    `    const tidemark = createTidemark({ url: '${api}', key });`,
    `    await tidemark.events.ingest.mutate({ events: [{ type: 'sign_up', userId: 'ada' }] });`,
    '',
  ].join('\n');
}
