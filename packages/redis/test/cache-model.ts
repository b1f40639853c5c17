import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { CacheEntry, CacheQuestion, CacheReading } from '../src/index.ts';

/** What each question depends on. */
export const TAGS_OF = {
  nothing: [],
  a: ['a'],
  'a and b': ['a', 'b'],
  'b and c': ['b', 'c'],
} as const satisfies Record<string, readonly string[]>;

export type Key = keyof typeof TAGS_OF;

/** A computation that has read the generations, and the renewals that it knows of. */
type Computation = { readonly key: Key; readonly generations: readonly string[]; readonly renewals: readonly number[] };

/** One tenant's cache as the interface tells it: plain, complete, and without any bound. */
export class ModelTenant {
  readonly id = randomUUID();
  watermark: number | undefined;
  readonly #renewals = new Map<string, number>();
  readonly #generations = new Map<string, string>();
  readonly #everSeen = new Set<string>();
  readonly #computations: Computation[] = [];
  readonly #entries = new Map<Key, { entry: CacheEntry; renewals: readonly number[] }>();
  readonly #acknowledged = new Map<string, number>();
  readonly #applied = new Set<number>();
  #acknowledgedToAll = 0;

  questionOf(key: Key, reader: string): CacheQuestion {
    return { tenantId: this.id, key, tags: TAGS_OF[key], reader };
  }

  renew(tags: readonly string[]): void {
    for (const tag of tags) {
      this.#renewals.set(tag, this.#countRenewals(tag) + 1);
      this.#generations.delete(tag);
    }
  }

  apply(seq: number, tags: readonly string[], readers: readonly string[]): void {
    this.renew(tags);
    for (const reader of readers) this.#acknowledged.set(reader, Math.max(seq, this.#acknowledged.get(reader) ?? 0));
    this.#applied.add(seq);
    if (this.watermark !== undefined) this.#raise(this.watermark);
  }

  catchUp(seq: number, tags: readonly string[]): void {
    this.renew(tags);
    this.#acknowledgedToAll = Math.max(seq, this.#acknowledgedToAll);
    this.#raise(Math.max(seq, this.watermark ?? 0));
  }

  begin(key: Key, generations: readonly string[]): void {
    this.#computations.push({ key, generations, renewals: this.#renewalsOf(key) });
  }

  /** What a computation writes, of those under way the last but `age`; undefined where there is none. */
  finish(age: number, value: unknown): { readonly key: Key; readonly entry: CacheEntry } | undefined {
    const [computation] = this.#computations.splice(-1 - age, 1);
    if (computation === undefined) return undefined;
    const { key, generations, renewals } = computation;
    const entry = { value, seq: this.watermark ?? 0, generations, computedAt: 1 };
    this.#entries.set(key, { entry, renewals });
    return { key, entry };
  }

  /** What a reading must say of freshness, after the rest of it is judged. */
  judge(key: Key, reader: string, reading: CacheReading): 'none' | 'fresh' | 'stale' {
    const kept = this.#entries.get(key);
    expect(reading.entry).toEqual(kept?.entry);
    expect(reading.acknowledgedSeq).toBe(Math.max(this.#acknowledged.get(reader) ?? 0, this.#acknowledgedToAll));
    expect(reading.watermark).toBe(this.watermark);
    expect(reading.generations).toHaveLength(TAGS_OF[key].length);
    for (const [index, tag] of TAGS_OF[key].entries()) this.#judgeGeneration(tag, reading.generations[index] ?? '');
    if (kept === undefined) return 'none';
    return kept.renewals.join() === this.#renewalsOf(key).join() ? 'fresh' : 'stale';
  }

  /** The same until the tag is renewed, and then one that it never had. */
  #judgeGeneration(tag: string, generation: string): void {
    const known = this.#generations.get(tag);
    if (known !== undefined) expect(generation).toBe(known);
    else expect(this.#everSeen).not.toContain(`${tag} ${generation}`);
    this.#everSeen.add(`${tag} ${generation}`);
    this.#generations.set(tag, generation);
  }

  #renewalsOf(key: Key): number[] {
    return TAGS_OF[key].map((tag) => this.#countRenewals(tag));
  }

  #countRenewals(tag: string): number {
    return this.#renewals.get(tag) ?? 0;
  }

  #raise(from: number): void {
    let mark = from;
    while (this.#applied.has(mark + 1)) mark += 1;
    this.watermark = mark;
  }
}
