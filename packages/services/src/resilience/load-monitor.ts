import { type Load, type LoadLevel, type LoadSample, toInstant } from '@tidemark/schemas';
import { LoadLadder, toReasons } from './load-ladder.ts';
import type { LoadSource } from './load-source.ts';

/** How often a running server takes a sample. */
export const SAMPLE_INTERVAL_MS = 500;

const CALM = 'The pressure is over: the level falls once that has lasted.';

export type LevelChange = {
  /** Whose own level it is; the server's where there is none. */
  readonly tenantId?: string;
  readonly from: LoadLevel;
  readonly to: LoadLevel;
  readonly why: readonly string[];
};

export type LoadMonitorOptions = {
  /** Opened with the first sample. */
  readonly open: () => LoadSource;
  /** Epoch ms. */
  readonly clock: () => number;
  /** Monotonic ms. */
  readonly elapsed: () => number;
  readonly onChange: (change: LevelChange) => void;
};

/** A ladder and where it stands. */
type Climb = { readonly ladder: LoadLadder; sample: LoadSample | null; since: number };

/**
 * Knows how loaded this server is, and which tenants ask more of it than their share answers: who waits for nobody but
 * themselves gets less themselves, and nobody else does. It is never told: levels follow from samples alone.
 */
export class LoadMonitor implements Disposable {
  readonly #options: LoadMonitorOptions;
  readonly #server: Climb;
  /** Those that wait for themselves, or have a level still. */
  readonly #tenants = new Map<string, Climb>();
  #source: LoadSource | undefined;

  constructor(options: LoadMonitorOptions) {
    this.#options = options;
    this.#server = this.#begin();
  }

  /** The server's, for whoever asks. */
  get level(): LoadLevel {
    return this.#server.ladder.level;
  }

  /** The server's last sample. */
  get latest(): LoadSample | null {
    return this.#server.sample;
  }

  /** Tenants by the level of their own. */
  get tenantLevels(): ReadonlyMap<LoadLevel, number> {
    const levels = Map.groupBy(this.#tenants.values(), ({ ladder }) => ladder.level);
    return new Map(Array.from(levels, ([level, tenants]) => [level, tenants.length]));
  }

  /** What a tenant's questions are answered by: the higher of the server's and its own. */
  levelOf(tenantId: string): LoadLevel {
    return this.#governing(tenantId).ladder.level;
  }

  healthOf(tenantId: string): Load {
    const { ladder, sample, since } = this.#governing(tenantId);
    const why = sample === null ? [] : toReasons(sample, ladder.level);
    if (ladder.level > 0 && why.length === 0) why.push(CALM);
    const ownWaitMs = this.#tenants.get(tenantId)?.sample?.ownWaitMs ?? 0;
    return { level: ladder.level, since: toInstant(since), why, sample: this.latest && { ...this.latest, ownWaitMs } };
  }

  /** Takes a sample, and with it what follows. */
  sample(): void {
    this.#source ??= this.#options.open();
    this.#observe(this.#server, this.#source.sample());
    const waits = this.#source.sampleTenants();
    for (const tenantId of new Set([...waits.keys(), ...this.#tenants.keys()])) {
      const climb = this.#tenants.get(tenantId) ?? this.#begin();
      this.#tenants.set(tenantId, climb);
      this.#observe(climb, toOwnSample(waits.get(tenantId)), tenantId);
      if (!waits.has(tenantId) && climb.ladder.level === 0) this.#tenants.delete(tenantId);
    }
  }

  [Symbol.dispose](): void {
    this.#source?.[Symbol.dispose]();
    this.#source = undefined;
  }

  #begin(): Climb {
    return { ladder: new LoadLadder(), sample: null, since: this.#options.clock() };
  }

  #governing(tenantId: string): Climb {
    const own = this.#tenants.get(tenantId);
    return own !== undefined && own.ladder.level > this.level ? own : this.#server;
  }

  #observe(climb: Climb, sample: LoadSample, tenantId?: string): void {
    const { clock, elapsed, onChange } = this.#options;
    const from = climb.ladder.level;
    const to = climb.ladder.observe(sample, elapsed());
    climb.sample = sample;
    if (from === to) return;
    climb.since = clock();
    onChange({ ...(tenantId !== undefined && { tenantId }), from, to, why: toReasons(sample, to) });
  }
}

/** What a tenant brings upon itself, and nothing of the server. */
function toOwnSample(ownWaitMs = 0): LoadSample {
  return { loopDelayMs: 0, loopUtilisation: 0, waitingMs: 0, answersP95Ms: null, ownWaitMs };
}
