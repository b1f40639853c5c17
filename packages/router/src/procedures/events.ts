import {
  eventKeySchema,
  eventPageSchema,
  eventSchema,
  ingestInputSchema,
  ingestOutputSchema,
  listEventsInputSchema,
} from '@tidemark/schemas';
import { getEvent, ingestEvents, listEvents } from '@tidemark/services';
import { tenantProcedure } from '../procedure.ts';
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
});
