// Prints events as they are stored; a dropped connection comes back by itself and misses none.
// node packages/client/examples/tail.ts [events] [--url … --key …]     Ctrl-C ends it.
import { createTidemark, toTidemarkError } from '@tidemark/client';
import { readSettings } from './settings.ts';

const wanted = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
const tidemark = createTidemark(await readSettings('viewer'));

let events = 0;
const subscription = tidemark.events.tail.subscribe(
  { maxPerSecond: 50 },
  {
    onData({ id, data }) {
      if ('skipped' in data) {
        // The first message skips nothing: it says that events from here on will be shown.
        console.log(data.skipped === 0 ? `following from ${id}` : `… ${data.skipped} more`);
        return;
      }
      const { occurredAt, type, userId } = data.event;
      console.log(`${occurredAt}  ${type}  ${userId ?? '-'}`);
      events += 1;
      if (events >= wanted) subscription.unsubscribe();
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
