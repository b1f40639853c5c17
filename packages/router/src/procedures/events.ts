import {
  eventKeySchema,
  eventPageSchema,
  eventSchema,
  generateInputSchema,
  ingestInputSchema,
  ingestOutputSchema,
  listEventsInputSchema,
  tailInputSchema,
} from '@tidemark/schemas';
import { generateEvents, getEvent, ingestEvents, listEvents, tailEvents } from '@tidemark/services';
import { tracked } from '@trpc/server';
import { tenantProcedure } from '../procedure.ts';
import { toTrpcError } from '../translate-errors.ts';
import { router } from '../trpc.ts';

export const eventsRouter = router({
  ingest: tenantProcedure
    .input(ingestInputSchema)
    .output(ingestOutputSchema)
    .mutation(({ ctx, input }) => ingestEvents(ctx, input)),

  list: tenantProcedure
    .input(listEventsInputSchema)
    .output(eventPageSchema)
    .query(({ ctx, input }) => listEvents(ctx, input)),

  get: tenantProcedure
    .input(eventKeySchema)
    .output(eventSchema)
    .query(({ ctx, input }) => getEvent(ctx, input)),

  tail: tenantProcedure.input(tailInputSchema).subscription(async function* ({ ctx, input, signal }) {
    try {
      for await (const { id, message } of tailEvents(ctx, input, signal)) yield tracked(id, message);
    } catch (error) {
      throw toTrpcError(error);
    }
  }),

  generate: tenantProcedure
    .meta({ limit: 'eventWrites' })
    .input(generateInputSchema)
    .subscription(async function* ({ ctx, input, signal }) {
      try {
        for await (const { id, message } of generateEvents(ctx, input, signal)) yield tracked(id, message);
      } catch (error) {
        throw toTrpcError(error);
      }
    }),
});
