import { withWriteFaults } from '../with-write-faults.ts';
import type { Breaker } from './breaker.ts';
import type { FairTurns } from './fair-turns.ts';
import type { SilenceWatch } from './silence-watch.ts';

export type ChangingOptions = {
  /** They leave connections to ingest, which has the same pool. */
  readonly turns: FairTurns;
  readonly breaker: Breaker;
  readonly silence: SilenceWatch;
};

/**
 * The way to everything that is changed of a tenant, but for its events: when it is the tenant's turn, and not at all
 * while the database is known to be away. Tried once: whether to ask again is whoever asked's to say.
 */
export class Changing {
  readonly #options: ChangingOptions;

  constructor(options: ChangingOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#options.turns.waiting;
  }

  /** The work's signal aborts when the database falls silent. Throws `unavailable` or `overloaded`, or what the work throws. */
  async run<Result>(tenantId: string, work: (silenced: AbortSignal) => Promise<Result>): Promise<Result> {
    const { turns, breaker, silence } = this.#options;
    return await withWriteFaults(() => turns.run(tenantId, () => breaker.run(() => silence.run(work))));
  }
}
