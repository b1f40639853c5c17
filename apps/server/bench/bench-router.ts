import { encodeEvents, insertEvents, type NewEvent, withTenant } from '@tidemark/database';
import { appRouter, baseProcedure, mergeRouters, router, tenantProcedure } from '@tidemark/router';
import {
  ingestInputSchema,
  ingestOutputSchema,
  type Summary,
  summaryInputSchema,
  summarySchema,
} from '@tidemark/schemas';
import { GroupCommit, ingestEvents, type Resources } from '@tidemark/services';

/** The API, and beside it what its parts are held against, on the same server. */
export const benchRouter = mergeRouters(
  appRouter,
  router({
    bench: router({
      /** What a request costs that does nothing. */
      noop: baseProcedure.mutation(() => ({ done: true })),

      /** Gives `summary` its answer. */
      remember: baseProcedure.input(summarySchema).mutation(({ input }) => {
        remembered = input;
        return { done: true };
      }),

      /** What a summary costs that is there already: parsing, the answer of `remember`, checking and sending it. */
      summary: baseProcedure
        .input(summaryInputSchema)
        .output(summarySchema)
        .query(() => {
          if (remembered === undefined) throw new Error('nothing is remembered');
          return remembered;
        }),

      /** Ingest as it is (key, parsing, group commit, receipts) that stores the events and nothing else. */
      ingestEventsOnly: tenantProcedure
        .input(ingestInputSchema)
        .output(ingestOutputSchema)
        .mutation(({ ctx, input }) => {
          const resources = { ...ctx.resources, groupCommit: eventsOnlyOf(ctx.resources) };
          return ingestEvents({ ...ctx, resources }, input);
        }),
    }),
  }),
);

let remembered: Summary | undefined;

const known = new WeakMap<Resources, GroupCommit>();

function eventsOnlyOf(resources: Resources): GroupCommit {
  const made =
    known.get(resources) ?? new GroupCommit((tenantId, events) => storeEventsOnly(resources, tenantId, events));
  known.set(resources, made);
  return made;
}

async function storeEventsOnly(
  { database, partitions, clock }: Resources,
  tenantId: string,
  events: readonly NewEvent[],
) {
  await partitions.ensure(events.map(({ occurredAt }) => occurredAt));
  const stored = await withTenant(database.ingest, tenantId, 'write', (transaction) =>
    insertEvents(transaction, encodeEvents(events), new Map()),
  );
  const fresh = new Set(stored);
  const outcomes = events.map((event) => (fresh.has(event) ? ('accepted' as const) : ('duplicate' as const)));
  return [{ outcomes, place: null, commit: { seq: 0, committedAt: clock(), days: [] } }];
}
