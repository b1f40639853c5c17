import {
  breakdownInputSchema,
  breakdownSchema,
  summaryInputSchema,
  summaryPageInputSchema,
  summaryPageSchema,
  summarySchema,
  watchInputSchema,
  watchManyInputSchema,
} from '@tidemark/schemas';
import { queryBreakdown, querySummary, querySummaryPage, watchSummaries, watchSummary } from '@tidemark/services';
import { tracked } from '@trpc/server';
import { tenantProcedure } from '../procedure.ts';
import { toTrpcError } from '../translate-errors.ts';
import { router } from '../trpc.ts';

export const analyticsRouter = router({
  summary: tenantProcedure
    .input(summaryInputSchema)
    .output(summarySchema)
    .query(({ ctx, input }) => querySummary(ctx, input)),

  summaryPage: tenantProcedure
    .input(summaryPageInputSchema)
    .output(summaryPageSchema)
    .query(({ ctx, input }) => querySummaryPage(ctx, input)),

  breakdown: tenantProcedure
    .input(breakdownInputSchema)
    .output(breakdownSchema)
    .query(({ ctx, input }) => queryBreakdown(ctx, input)),

  watch: tenantProcedure.input(watchInputSchema).subscription(async function* ({ ctx, input, signal }) {
    try {
      for await (const { id, summary } of watchSummary(ctx, input, signal)) yield tracked(id, summary);
    } catch (error) {
      throw toTrpcError(error);
    }
  }),

  watchMany: tenantProcedure.input(watchManyInputSchema).subscription(async function* ({ ctx, input, signal }) {
    try {
      for await (const { id, key, summary } of watchSummaries(ctx, input, signal)) {
        yield tracked(id, { key, output: summary });
      }
    } catch (error) {
      throw toTrpcError(error);
    }
  }),
});
