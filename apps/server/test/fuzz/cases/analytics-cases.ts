import {
  type BreakdownQuery,
  breakdownInputSchema,
  breakdownSchema,
  type SummaryInput,
  type SummaryPageInput,
  summaryPageSchema,
  summarySchema,
  type WatchManyInput,
} from '@tidemark/schemas';
import { expect } from 'vitest';
import { z } from 'zod';
import { ask } from '../ask.ts';
import { callCase, type FuzzCase, streamCase } from '../fuzz-case.ts';
import { compareSummary } from './compare-summary.ts';

export const ANALYTICS_CASES: Readonly<Record<string, FuzzCase>> = {
  'analytics.summary': callCase<SummaryInput, z.infer<typeof summarySchema>>({
    weight: 12,
    isQuery: true,
    refusals: ['too_many_buckets', 'range_too_long'],
    output: summarySchema,
    compare: compareSummary,
  }),
  'analytics.summaryPage': callCase<SummaryPageInput, z.infer<typeof summaryPageSchema>>({
    weight: 5,
    isQuery: true,
    refusals: ['too_many_buckets', 'range_too_long', 'invalid_cursor'],
    output: summaryPageSchema,
    async compare(lane, { cursor: _cursor, limit = 100, ...question }, page) {
      const pages = [...page.items];
      const asked = { path: 'analytics.summaryPage', isQuery: true, output: summaryPageSchema };
      for (let { nextCursor } = page; nextCursor !== null && pages.length < 3 * limit; ) {
        const { data } = await ask(lane.facts.admin, asked, { ...question, limit, cursor: nextCursor });
        pages.push(...(data?.items ?? []));
        nextCursor = data?.nextCursor ?? null;
      }
      // What a page says is what the summary says, and that is what brute force says.
      const whole = {
        ...question,
        ...('last' in question && question.last ? { ...page.meta.range, last: undefined } : {}),
      };
      const input = { ...whole, interval: page.meta.interval, timeZone: page.meta.timeZone };
      const summary = await ask(
        lane.facts.admin,
        { path: 'analytics.summary', isQuery: true, output: summarySchema },
        input,
      );
      if (summary.data === undefined) throw new Error(summary.refusal.reason);
      // So many inputs load the server: it may give longer buckets, and says so.
      if (summary.data.meta.degraded !== null || page.meta.degraded !== null) return false;
      expect(pages).toEqual(summary.data.series.slice(0, pages.length));
      return await compareSummary(lane, input as SummaryInput, summary.data);
    },
  }),
  'analytics.breakdown': callCase<BreakdownQuery, z.infer<typeof breakdownSchema>>({
    weight: 8,
    isQuery: true,
    refusals: ['too_many_buckets', 'range_too_long'],
    output: breakdownSchema,
    async compare({ oracle, facts }, input, { rows, other, meta }) {
      const query = breakdownInputSchema.parse(input);
      const truth = await oracle.breakDown({ ...query, ...meta.range, tenantId: facts.id });
      const byName = (list: typeof rows) =>
        list.toSorted((one, two) => (JSON.stringify(one) < JSON.stringify(two) ? -1 : 1));
      expect({ rows: byName(rows), other }).toEqual({ rows: byName(truth.rows), other: truth.other });
      return true;
    },
  }),
  'analytics.watch': streamCase<SummaryInput, z.infer<typeof summarySchema>>({
    weight: 3,
    refusals: ['too_many_buckets', 'range_too_long', 'invalid_cursor'],
    output: summarySchema,
    compare: async (lane, { lastEventId: _id, ...input }: SummaryInput & { lastEventId?: unknown }, [summary]) =>
      summary !== undefined && (await compareSummary(lane, input, summary)),
  }),
  'analytics.watchMany': streamCase<WatchManyInput, { key: string; output: z.infer<typeof summarySchema> }>({
    weight: 2,
    refusals: ['too_many_buckets', 'range_too_long', 'invalid_cursor'],
    output: z.strictObject({ key: z.string(), output: summarySchema }),
    isEnough: (heard, { queries }) => new Set(heard.map(({ key }) => key)).size === queries.length,
    async compare(lane, { queries }, heard) {
      for (const { key, output } of heard) {
        const input = queries.find((query) => query.key === key)?.input;
        expect(input, `nobody asked for ${key}`).toBeDefined();
        await compareSummary(lane, input as SummaryInput, output);
      }
      return heard.length > 0;
    },
  }),
};
