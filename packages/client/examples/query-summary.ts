// Prints the last day per type, with the change to the day before and where the numbers come from.
// node packages/client/examples/query-summary.ts [--url … --key …]
import { createTidemark, toTidemarkError } from '@tidemark/client';
import { readSettings } from './settings.ts';

const tidemark = createTidemark(await readSettings('viewer'));

try {
  const { totals, previous, series, meta } = await tidemark.analytics.summary.query({
    last: '24h',
    groupBy: 'type',
    compare: 'previous',
  });
  console.log(`${totals.events} events by ${totals.users} users, before that ${previous?.totals.events} events`);
  for (const { key, events, users } of totals.groups ?? []) console.log(`  ${key}: ${events} events, ${users} users`);
  const busiest = series.toSorted((a, b) => b.events - a.events)[0];
  console.log(`busiest ${meta.interval}: ${busiest?.start} with ${busiest?.events} events`);
  console.log(`from ${meta.source}, ${meta.exact ? 'exact' : 'not exact'}, as of ${meta.asOf}, zone ${meta.timeZone}`);
} catch (error) {
  const { code, reason, requestId } = toTidemarkError(error);
  console.error(`${code}: ${reason} (request ${requestId ?? 'never answered'})`);
  process.exitCode = 1;
}
