import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type CacheEntry, createRedisCacheStore } from '@tidemark/redis';
import { ANSWER, type Way } from './way.ts';

const WRITES_AT_ONCE = 500;
const SAMPLE = 100;
const TAG = 'd:2026-11-22';
const KEEP_MS = 3_600_000;

/** Ours, as a commit does it: the tag is renewed, the acknowledgement noted, the watermark moved. */
export async function openGenerationWay(url: string): Promise<Way> {
  // Nothing is held in the process, so that every reading comes from Redis.
  const store = createRedisCacheStore({ url, maxHeldBytes: 1 });
  const [tenantId, reader] = [randomUUID(), randomUUID()];
  const ask = (index: number) => store.read({ tenantId, key: String(index), tags: [TAG], reader });
  while (!store.isAvailable) await delay(5);
  await store.catchUp(tenantId, 0, []);
  let seq = 0;
  let filled = 0;
  return {
    async fill(count) {
      const { generations } = await ask(0);
      const entry: CacheEntry = { value: ANSWER, seq, generations, computedAt: Date.now() };
      for (let first = 0; first < count; first += WRITES_AT_ONCE) {
        const indexes = Array.from({ length: Math.min(WRITES_AT_ONCE, count - first) }, (_, index) => first + index);
        await Promise.all(indexes.map((index) => store.write(tenantId, String(index), entry, KEEP_MS)));
      }
      filled = count;
    },
    async invalidate() {
      seq += 1;
      await store.apply({ tenantId, seq, tags: [TAG], readers: [reader] });
    },
    async countServable() {
      const sample = Array.from({ length: SAMPLE }, (_, index) => Math.floor((index * filled) / SAMPLE));
      const readings = await Promise.all(sample.map(ask));
      return readings.filter(({ entry, generations }) => entry?.generations[0] === generations[0]).length;
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
