import { type Load, type LoadLevel, type LoadSample, toInstant } from '@tidemark/schemas';
import { LoadLadder, toReasons } from './load-ladder.ts';
import type { LoadSource } from './load-source.ts';

/** How often a running server takes a sample. */
export const SAMPLE_INTERVAL_MS = 500;

const CALM = 'The pressure is over: the level falls once that has lasted.';

export type LevelChange = { readonly from: LoadLevel; readonly to: LoadLevel; readonly why: readonly string[] };

export type LoadMonitorOptions = {
  /** Opened with the first sample. */
  readonly open: () => LoadSource;
  /** Epoch ms. */
  readonly clock: () => number;
  /** Monotonic ms. */
  readonly elapsed: () => number;
  readonly onChange: (change: LevelChange) => void;
};

/** Knows how loaded this server is. It is never told: the level follows from samples alone. */
export class LoadMonitor implements Disposable {
  readonly #options: LoadMonitorOptions;
  readonly #ladder = new LoadLadder();
  #source: LoadSource | undefined;
  #sample: LoadSample | null = null;
  #since: number;

  constructor(options: LoadMonitorOptions) {
    this.#options = options;
    this.#since = options.clock();
  }

  get level(): LoadLevel {
    return this.#ladder.level;
  }

  get health(): Load {
    const why = this.#sample === null ? [] : toReasons(this.#sample, this.level);
    if (this.level > 0 && why.length === 0) why.push(CALM);
    return { level: this.level, since: toInstant(this.#since), why, sample: this.#sample };
  }

  /** Takes a sample, and with it what follows. */
  sample(): void {
    const { open, clock, elapsed, onChange } = this.#options;
    this.#source ??= open();
    this.#sample = this.#source.sample();
    const from = this.level;
    const to = this.#ladder.observe(this.#sample, elapsed());
    if (from === to) return;
    this.#since = clock();
    onChange({ from, to, why: toReasons(this.#sample, to) });
  }

  [Symbol.dispose](): void {
    this.#source?.[Symbol.dispose]();
    this.#source = undefined;
  }
}
