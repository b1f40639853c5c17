import type { LoadLevel, LoadSample } from '@tidemark/schemas';

type Signal = keyof LoadSample;

/**
 * From which value on a signal asks for level 1 and for level 2. Level 1 costs only those who said that they can wait,
 * so it may come early; level 2 costs everybody, so it comes where people would notice without it as well. How busy the
 * event loop is asks for nothing: a loop that is always busy and never late does good work.
 */
const THRESHOLDS: Readonly<Partial<Record<Signal, readonly [elevated: number, critical: number]>>> = {
  // An answer from the cache takes a few milliseconds: at 100 it feels slow, at 400 everything does.
  loopDelayMs: [100, 400],
  // Whoever waits for a quarter of a second has others before it; 5 s is where waiting is refused.
  waitingMs: [250, 1_500],
  // Answers are computed in tens of milliseconds.
  answersP95Ms: [1_000, 3_000],
  // A burst waits for a moment; who waits longer asks more than is answered. It costs nobody else.
  ownWaitMs: [500, 2_000],
};
/** A level is kept until every signal is well below what it took to reach it, so that it does not flutter. */
const RELEASE = 0.7;
/** Up after so many samples in a row, half a second apart: a garbage collection is one … */
const RISE_SAMPLES = 2;
/** … and down after so long without pressure: load that comes in waves meets the level still there. */
const FALL_MS = 10_000;

const PHRASES: Readonly<Partial<Record<Signal, (ms: number) => string>>> = {
  loopDelayMs: (ms) => `The event loop is late by ${Math.round(ms)} ms.`,
  waitingMs: (ms) => `Questions wait ${Math.round(ms)} ms for a connection.`,
  answersP95Ms: (ms) => `Answers take ${Math.round(ms)} ms (p95) to compute.`,
  ownWaitMs: (ms) => `Questions of this tenant wait ${Math.round(ms)} ms for turns that it holds itself.`,
};

/**
 * The degradation level as a state machine over samples of load:
 *
 *        2 samples ≥ 100 %      2 samples ≥ 100 %
 *   0 ─────────────────────▶ 1 ─────────────────────▶ 2       a level at a time, up fast
 *     ◀─────────────────────   ◀─────────────────────
 *        10 s below 70 %        10 s below 70 %               and down slowly
 */
export class LoadLadder {
  #level: LoadLevel = 0;
  #risen = 0;
  #pressedAt = Number.NEGATIVE_INFINITY;

  get level(): LoadLevel {
    return this.#level;
  }

  /** Takes a sample in; `at` in monotonic ms. */
  observe(sample: LoadSample, at: number): LoadLevel {
    this.#risen = toPressure(sample, 1) > this.#level ? this.#risen + 1 : 0;
    if (toPressure(sample, RELEASE) >= this.#level) this.#pressedAt = at;
    if (this.#risen >= RISE_SAMPLES && this.#level < 2) {
      this.#move((this.#level + 1) as LoadLevel, at);
    } else if (this.#level > 0 && at - this.#pressedAt >= FALL_MS) {
      this.#move((this.#level - 1) as LoadLevel, at);
    }
    return this.#level;
  }

  #move(level: LoadLevel, at: number): void {
    this.#level = level;
    this.#risen = 0;
    this.#pressedAt = at;
  }
}

/** What of a sample keeps a level from falling, in sentences. */
export function toReasons(sample: LoadSample, level: LoadLevel): string[] {
  if (level === 0) return [];
  return Object.entries(THRESHOLDS).flatMap(([signal, thresholds]) => {
    const value = sample[signal as Signal];
    if (value === null || value < (thresholds[level - 1] ?? 0) * RELEASE) return [];
    return PHRASES[signal as Signal]?.(value) ?? [];
  });
}

/** The level that the worst signal of a sample asks for. */
function toPressure(sample: LoadSample, share: number): LoadLevel {
  const pressures = Object.entries(THRESHOLDS).map(([signal, [elevated, critical]]) => {
    const value = sample[signal as Signal] ?? 0;
    if (value >= critical * share) return 2;
    return value >= elevated * share ? 1 : 0;
  });
  return Math.max(...pressures) as LoadLevel;
}
