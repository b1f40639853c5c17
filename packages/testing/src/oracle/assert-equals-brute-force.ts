import type { Bucket, Group, Summary, SummaryQuery } from '@tidemark/schemas';
import { expect } from 'vitest';
import type { Oracle, OracleQuestion, OracleRow } from './oracle.ts';

/** Every number of an answer, and every bucket, is what brute force over the raw events gives. */
export async function assertEqualsBruteForce(
  oracle: Oracle,
  tenantId: string,
  query: SummaryQuery,
  answer: Summary,
): Promise<void> {
  const { interval, timeZone, range } = answer.meta;
  const { types, devices, userId, properties, groupBy, groupLimit } = query;
  const question = {
    tenantId,
    interval,
    timeZone,
    groupLimit,
    ...range,
    ...(types && { types }),
    ...(devices && { devices }),
    ...(userId !== undefined && { userId }),
    ...(properties && { properties }),
    ...(groupBy && { groupBy }),
  };
  await assertRange(oracle, question, answer);
  if (query.compare === undefined) return;
  const [from = '', to = ''] = await oracle.previousRange({ ...range, timeZone });
  expect(answer.previous?.range).toEqual({ from, to });
  if (answer.previous === undefined) return;
  // Its groups are those of the current range, so brute force checks its numbers without them.
  await assertRange(oracle, { ...question, from, to }, answer.previous, { skipGroups: true });
}

async function assertRange(
  oracle: Oracle,
  question: OracleQuestion,
  { totals, series }: Pick<Summary, 'totals' | 'series'>,
  { skipGroups = false } = {},
) {
  const truth = await oracle.count(question);
  expect({ events: totals.events, users: totals.users }).toEqual({
    events: truth.total.events,
    users: truth.total.users,
  });

  const keys = await assertBuckets(oracle, question, series);
  const found = series.map(({ events, users }, index) => ({ bucket: keys[index] ?? '', events, users }));
  expect(sorted(found.filter(({ events }) => events > 0))).toEqual(
    sorted(truth.buckets.map(({ bucket, events, users }) => ({ bucket, events, users }))),
  );
  expect(totals.events).toBe(series.reduce((sum, { events }) => sum + events, 0));

  if (question.groupBy === undefined || skipGroups) return;
  const groups = await oracle.countGroups(question);
  expect(sorted((totals.groups ?? []).map((group) => toRow('', group)))).toEqual(sorted(groups.total));
  const ofBuckets = series.flatMap((bucket, index) =>
    (bucket.groups ?? []).map((group) => toRow(keys[index] ?? '', group)),
  );
  expect(sorted(ofBuckets)).toEqual(sorted(groups.buckets));
}

/** The buckets tile the range, and each is one of PostgreSQL's, clipped. Returns PostgreSQL's names for them. */
async function assertBuckets(oracle: Oracle, question: OracleQuestion, series: readonly Bucket[]): Promise<string[]> {
  const { from, to, interval, timeZone } = question;
  const edges = [...series.map(({ start }) => start), series.at(-1)?.end];
  expect(series.map(({ end }) => end)).toEqual(edges.slice(1));
  expect([edges[0], edges.at(-1)]).toEqual([from, to]);
  const first = await oracle.truncate(
    series.map(({ start }) => start),
    interval,
    timeZone,
  );
  const lastInstants = series.map(({ end }) => new Date(Date.parse(end) - 1).toISOString());
  expect(await oracle.truncate(lastInstants, interval, timeZone)).toEqual(first);
  expect(new Set(first).size).toBe(first.length);
  return first;
}

function toRow(bucket: string, { key, events, users, isOther }: Group): OracleRow {
  return { bucket, key, isOther: isOther === true, events, users };
}

function sorted<Row>(rows: readonly Row[]): Row[] {
  return [...rows].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}
