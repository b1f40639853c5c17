import type { CacheEntry, CacheQuestion, CacheReading, CacheStore } from '../src/index.ts';

/** Asks what the test is about, with the rest made up. */
export function ask(store: CacheStore, question: Partial<CacheQuestion>): Promise<CacheReading> {
  return store.read({ tenantId: 'nobody', key: 'question', tags: [], reader: 'reader', ...question });
}

export function entryFixture(entry: Partial<CacheEntry> = {}): CacheEntry {
  return { value: { events: 3 }, seq: 1, generations: [], computedAt: 1_795_000_000_000, ...entry };
}

type Kept = {
  readonly tenantId: string;
  readonly key?: string;
  readonly tags: readonly string[];
  readonly value?: unknown;
  readonly keepMs?: number;
};

/** Computes an answer as a server does: reads the generations, then writes. */
export async function keep(store: CacheStore, kept: Kept): Promise<CacheEntry> {
  const { tenantId, key = 'question', tags, value = 'an answer', keepMs = 60_000 } = kept;
  const { generations } = await ask(store, { tenantId, key, tags });
  const entry = entryFixture({ value, generations });
  await store.write(tenantId, key, entry, keepMs);
  return entry;
}

/** Whether the answer that is kept may be served as fresh. */
export function isFresh({ entry, generations }: CacheReading): boolean {
  return entry !== undefined && JSON.stringify(entry.generations) === JSON.stringify(generations);
}
