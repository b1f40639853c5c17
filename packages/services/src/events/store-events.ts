import { type Fault, type NewEvent, toFault } from '@tidemark/database';
import { pause } from '../pause.ts';
import type { Breaker } from '../resilience/breaker.ts';
import type { SilenceWatch } from '../resilience/silence-watch.ts';
import type { Tracer } from '../telemetry/tracer.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { type Attempt, type CommitTarget, type CommittedBatch, commitBatch, type Outcome } from './commit-batch.ts';
import type { Partitions } from './partitions.ts';

/** Tries of one batch, the first included: a failover takes a second or two, a caller waits not much longer. */
const MAX_TRIES = 4;
const FIRST_PAUSE_MS = 50;
/** After this a batch is given up, whatever kept it: its sender waits no longer than that either. */
const PATIENCE_MS = 15_000;
const RETRY_AFTER_MS = 1_000;

export type StoreTarget = CommitTarget & {
  readonly partitions: Partitions;
  readonly breaker: Breaker;
  readonly silence: SilenceWatch;
  readonly tracer: Tracer;
};

/**
 * Stores a batch whatever is in it: faults that pass are retried (every write here is idempotent), and an
 * event that the database refuses is found by halving, so that it alone is rejected.
 */
export async function storeEvents(target: StoreTarget, events: readonly NewEvent[]): Promise<CommittedBatch[]> {
  const attempt: Attempt = { prepared: undefined };
  const started = performance.now();
  for (let tries = 1; ; tries += 1) {
    try {
      const committed = await target.breaker.run(async () => {
        await target.partitions.ensure(events.map(({ occurredAt }) => occurredAt));
        return await target.silence.run((signal) =>
          target.tracer.span('commit', { events: events.length }, () =>
            commitBatch({ ...target, signal }, events, attempt),
          ),
        );
      });
      return [committed];
    } catch (error) {
      const fault = toFaultOfTry(error);
      if (fault === 'data') return await bisect(target, events, error);
      if (fault === 'unknown') throw error;
      if (fault === 'no_partition') target.partitions.forget();
      if (tries === MAX_TRIES || performance.now() - started > PATIENCE_MS) throw toRefusal(fault, error);
      await pause(FIRST_PAUSE_MS * 2 ** tries * (0.5 + Math.random()));
    }
  }
}

/** Refused by the breaker: a try like any other, but for the time it took. */
function toFaultOfTry(error: unknown): Fault {
  return error instanceof TidemarkError && error.code === 'unavailable' ? 'transient' : toFault(error);
}

async function bisect(target: StoreTarget, events: readonly NewEvent[], error: unknown): Promise<CommittedBatch[]> {
  if (events.length === 1) {
    const outcome: Outcome = {
      code: 'unstorable',
      path: '',
      message: `PostgreSQL cannot store it: ${error instanceof Error ? error.message : 'unknown reason'}`,
    };
    return [{ outcomes: [outcome], place: null, commit: null }];
  }
  const middle = Math.ceil(events.length / 2);
  const first = await storeEvents(target, events.slice(0, middle));
  const second = await storeEvents(target, events.slice(middle));
  return [...first, ...second];
}

function toRefusal(fault: Fault, cause: unknown): TidemarkError {
  const code = fault === 'crowded' ? 'overloaded' : 'unavailable';
  const why = fault === 'crowded' ? 'Too many batches wait for a connection' : 'The database does not answer';
  const reason = `${why}, so nothing can be promised: send the same batch again, with the same ids.`;
  return new TidemarkError(code, reason, { retryAfterMs: RETRY_AFTER_MS }, { cause });
}
