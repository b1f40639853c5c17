// Prints the last hour's totals whenever they change; a dropped connection comes back by itself.
// node packages/client/examples/watch.ts [answers] [--url … --key …]     Ctrl-C ends it.
import { createTidemark } from '@tidemark/client';
import { readSettings } from './settings.ts';

const wanted = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
const tidemark = createTidemark(await readSettings('viewer'));

let answers = 0;
for await (const { data } of tidemark.analytics.watch.subscribe({ last: '1h' })) {
  console.log(`${data.meta.asOf}  ${data.totals.events} events, ${data.totals.users} users`);
  answers += 1;
  if (answers >= wanted) break;
}
