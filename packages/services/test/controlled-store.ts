import type { NewEvent } from '@tidemark/database';
import type { CommittedBatch, Outcome } from '../src/events/commit-batch.ts';

/** What the store of these tests makes of an event: told by the event alone, so that a mix-up shows. */
export function toOutcome({ id }: NewEvent): Outcome {
  if (id.endsWith('3')) return 'duplicate';
  if (id.endsWith('7')) return { code: 'unstorable', path: '', message: id };
  return 'accepted';
}

/** The outcomes of a batch, in the parts that bisection may have cut it into. */
export function toParts(events: readonly NewEvent[], cuts: readonly number[]): CommittedBatch[] {
  const edges = [0, ...new Set(cuts.map((cut) => cut % events.length)), events.length].sort((one, two) => one - two);
  return edges.slice(1).map((to, index) => {
    const outcomes = events.slice(edges[index], to).map(toOutcome);
    const commit = outcomes.includes('accepted') ? { seq: index, committedAt: 1_000 + index, days: [] } : null;
    return { outcomes, place: null, commit };
  });
}

type Call = {
  readonly tenantId: string;
  readonly events: readonly NewEvent[];
  readonly resolve: (parts: CommittedBatch[]) => void;
  readonly reject: (error: unknown) => void;
};

/** A store whose calls end when, and as, the test says. */
export class ControlledStore {
  readonly calls: Call[] = [];
  /** Why the store failed, by the events it failed for. */
  readonly failures = new Map<NewEvent, Error>();
  readonly #running: Call[] = [];

  store = (tenantId: string, events: readonly NewEvent[]): Promise<CommittedBatch[]> => {
    if (this.#running.some((call) => call.tenantId === tenantId)) throw new Error(`${tenantId} is committing already`);
    const { promise, resolve, reject } = Promise.withResolvers<CommittedBatch[]>();
    const call = { tenantId, events, resolve, reject };
    this.#running.push(call);
    this.calls.push(call);
    return promise;
  };

  /** Ends one of the running calls, if there is any, and lets everyone react. */
  async end({ end, isFailing, cuts }: { end: number; isFailing: boolean; cuts: readonly number[] }): Promise<boolean> {
    const [call] = this.#running.splice(end % Math.max(1, this.#running.length), 1);
    if (call === undefined) return false;
    if (isFailing) {
      const error = new Error('the store failed');
      for (const event of call.events) this.failures.set(event, error);
      call.reject(error);
    } else call.resolve(toParts(call.events, cuts));
    await new Promise(setImmediate);
    return true;
  }

  /** Ends all calls well, those too that only begin because of it, until nothing waits for one. */
  async endAll(queue: { readonly waitingEvents: number }): Promise<void> {
    while (queue.waitingEvents > 0) {
      if (!(await this.end({ end: 0, isFailing: false, cuts: [] }))) await new Promise(setImmediate);
    }
  }

  /** What was handed over for a tenant, in its order. */
  eventsOf(tenantId: string): NewEvent[] {
    return this.calls.filter((call) => call.tenantId === tenantId).flatMap(({ events }) => [...events]);
  }
}
