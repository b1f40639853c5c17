// Ends with 1 where an event type came in less than 70 % as often as in the hour before: for a cron job or a deploy.
// node packages/client/examples/alert.ts signup [--url … --key …]
import { createTidemark, toTidemarkError } from '@tidemark/client';
import { readPositional, readSettings } from './settings.ts';

const LEAST = 0.7;

const type = readPositional() ?? 'signup';
// An alert that hangs is none: ten seconds for an attempt, two more attempts, and none of them after half a minute.
const tidemark = createTidemark({ ...(await readSettings('viewer')), timeoutMs: 10_000 });

try {
  const { totals, previous, meta } = await tidemark.analytics.summary.query(
    { last: '1h', types: [type], compare: 'previous', fresh: true },
    { signal: AbortSignal.timeout(30_000) },
  );
  const now = totals.events;
  const before = previous?.totals.events ?? 0;
  const isLow = now < LEAST * before;
  console.log(`${isLow ? 'LOW' : 'ok'}: ${now} of ${type} in the last hour, ${before} in the one before`);
  // A number that is not exact may be old: it is told, but does not wake anybody.
  if (isLow && meta.exact) process.exitCode = 1;
} catch (error) {
  const { code, reason } = toTidemarkError(error);
  console.error(`cannot tell: ${reason} (${code})`);
  process.exitCode = 2;
}
