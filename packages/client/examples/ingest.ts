// Sends three events, then the same three again, as a script does that never saw the first answer.
// node packages/client/examples/ingest.ts [--url … --key …]
import { createTidemark, withIdentity } from '@tidemark/client';
import { readSettings } from './settings.ts';

const tidemark = createTidemark(await readSettings('ingest'));

const events = [
  withIdentity({ type: 'signup', userId: 'ada', device: 'desktop', properties: { plan: 'team' } }),
  withIdentity({ type: 'page_view', userId: 'ada', device: 'desktop', properties: { path: '/welcome' } }),
  withIdentity({ type: 'page_view', userId: 'grace', device: 'mobile', properties: { path: '/pricing' } }),
];

for (const attempt of ['first', 'again']) {
  const { receipts, committedAt } = await tidemark.events.ingest.mutate({ events });
  console.log(`${attempt}: ${receipts.map(({ status }) => status).join(', ')} (committed at ${committedAt})`);
}
