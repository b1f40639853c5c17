import { type Database, pingPool } from '@tidemark/database';

/** Probes ask every few seconds and give up soon: a frozen database must be told to them as one that is away. */
const PATIENCE_MS = 2_000;
/**
 * A database is away for a second or two when it restarts or fails over, from every server at once: taking the
 * whole fleet out for that would turn stale answers into none. Longer, another region may be the better one.
 */
const GRACE_MS = 5_000;

export type ReadinessState = { readonly isReady: boolean; readonly database: 'up' | 'down' };

/** Whether requests should come here: not where the database has been away for longer than a blip. */
export class Readiness {
  readonly #database: Pick<Database, 'probes'>;
  readonly #elapsed: () => number;
  /** Many probes at a time are one question. */
  #asking: Promise<boolean> | undefined;
  /** When a look found the database away first, of those since it was there (monotonic ms). */
  #awaySince: number | undefined;

  /** `elapsed` in monotonic ms. */
  constructor(database: Pick<Database, 'probes'>, elapsed: () => number) {
    this.#database = database;
    this.#elapsed = elapsed;
  }

  async check(): Promise<ReadinessState> {
    const answers = await this.#ask();
    const now = this.#elapsed();
    this.#awaySince = answers ? undefined : (this.#awaySince ?? now);
    const isReady = this.#awaySince === undefined || now - this.#awaySince < GRACE_MS;
    return { isReady, database: answers ? 'up' : 'down' };
  }

  async #ask(): Promise<boolean> {
    this.#asking ??= pingPool(this.#database.probes, PATIENCE_MS)
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        this.#asking = undefined;
      });
    return await this.#asking;
  }
}
