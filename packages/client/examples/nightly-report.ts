// Prints a report of yesterday as Markdown, for a cron job that mails or posts it.
// node packages/client/examples/nightly-report.ts [--url … --key …]
import { createTidemark } from '@tidemark/client';
import { readSettings } from './settings.ts';

const tidemark = createTidemark(await readSettings('viewer'));

// Days of the tenant's own calendar: the last bucket is today, which is not over, and the one before it yesterday.
const { series, meta } = await tidemark.analytics.summary.query({ last: '7d', interval: 'day' });
const [yesterday, before] = series.toReversed().filter(({ end }) => end <= meta.asOf);
if (yesterday === undefined || before === undefined) throw new Error('There is no whole day yet.');

const day = { from: yesterday.start, to: yesterday.end };
const [types, users] = await Promise.all([
  tidemark.analytics.breakdown.query({ ...day, by: 'type', limit: 5 }),
  tidemark.analytics.breakdown.query({ ...day, by: 'user', limit: 3 }),
]);

const title = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeZone: meta.timeZone }).format(
  new Date(yesterday.start),
);
console.log(`# ${title}\n`);
console.log(`- Events: ${yesterday.events} (${toChange(yesterday.events, before.events)})`);
console.log(`- Users: ${yesterday.users} (${toChange(yesterday.users, before.users)})\n`);
console.log('| Type | Events | Users | Share |\n| --- | --- | --- | --- |');
for (const { key, events, users: people, share } of types.rows) {
  console.log(`| ${key} | ${events} | ${people} | ${(100 * share).toFixed(1)} % |`);
}
const names = users.rows.map(({ key, events }) => `${key ?? 'nobody signed in'} (${events})`);
console.log(`\nMost active: ${names.join(', ') || 'nobody'}`);

function toChange(now: number, then: number): string {
  if (then === 0) return now === 0 ? 'as the day before' : 'none the day before';
  const percent = (100 * (now - then)) / then;
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(0)} % against the day before`;
}
