import { type Database, ensurePartitions } from '@tidemark/database';
import { DAY_MS } from '../calendar/days.ts';
import { TidemarkError } from '../tidemark-error.ts';

/** The owner's statements may take a minute each; a sender is told to come again long before. */
const PATIENCE_MS = 20_000;
const RETRY_AFTER_MS = 1_000;

/** Makes the monthly partitions that events need, each asked of the database once per process. */
export class Partitions {
  readonly #owner: Database['owner'];
  readonly #known = new Set<string>();
  #making: Promise<void> = Promise.resolve();

  constructor({ owner }: Pick<Database, 'owner'>) {
    this.#owner = owner;
  }

  /** Resolves once every instant (epoch ms) has a partition to go to. */
  async ensure(instants: Iterable<number>): Promise<void> {
    const days = new Set<number>();
    for (const instant of instants) days.add(Math.floor(instant / DAY_MS));
    const months = new Set(Array.from(days, (day) => new Date(day * DAY_MS).toISOString().slice(0, 7)));
    const missing = [...months].filter((month) => !this.#known.has(month)).sort();
    if (missing.length === 0) return;
    const made = this.#making.then(() => ensurePartitions(this.#owner, missing));
    this.#making = made.catch(() => {});
    await withPatience(made);
    for (const month of missing) this.#known.add(month);
  }

  /** This month's partition and the next two: made ahead, so that no event waits for one at midnight. */
  async ensureAhead(now: number): Promise<void> {
    const date = new Date(now);
    const month = (offset: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1);
    await this.ensure([month(0), month(1), month(2)]);
  }

  /** After a partition turned out to be gone. */
  forget(): void {
    this.#known.clear();
  }
}

/** The making goes on behind the back of whoever loses patience, who finds it done next time. */
async function withPatience(made: Promise<void>): Promise<void> {
  const { promise: tooLong, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const remedy = 'The tables for this time could not be made yet: send the same batch again, with the same ids.';
    reject(new TidemarkError('unavailable', remedy, { retryAfterMs: RETRY_AFTER_MS }));
  }, PATIENCE_MS);
  try {
    await Promise.race([made, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
