// Prints the last hour's totals whenever they change; a dropped connection comes back by itself.
// node packages/client/examples/watch.ts [answers] [--url … --key …]     Ctrl-C ends it.
import { createTidemark, toTidemarkError } from '@tidemark/client';
import { readSettings } from './settings.ts';

const wanted = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
const tidemark = createTidemark(await readSettings('viewer'));

let answers = 0;
const subscription = tidemark.analytics.watch.subscribe(
  { last: '1h' },
  {
    onData({ data: { totals, meta } }) {
      console.log(`${meta.asOf}  ${totals.events} events, ${totals.users} users`);
      answers += 1;
      if (answers >= wanted) subscription.unsubscribe();
    },
    onConnectionStateChange({ state, error }) {
      if (error !== null) console.log(`${state}: ${toTidemarkError(error).reason}`);
    },
    onError(error) {
      const { code, reason } = toTidemarkError(error);
      console.error(`${code}: ${reason}`);
      process.exitCode = 1;
    },
  },
);
