import { Redis } from 'ioredis';
import { ANSWER_TEXT, type Way } from './way.ts';

/** Keys a command takes at once. */
const CHUNK = 10_000;
const PREFIX = 'cache:tenant:2026-11-22:';
const OTHER_PREFIX = 'cache:tenant:2026-11-21:';
const TAG_SET = 'tag:tenant:2026-11-22';

/** Writes a chunk inside Redis, which takes seconds instead of minutes. */
const FILL = `
for i = tonumber(ARGV[1]), tonumber(ARGV[2]) - 1 do
  redis.call('SET', ARGV[3] .. i, ARGV[4], 'PX', 3600000)
  if ARGV[5] == '1' then redis.call('SADD', ARGV[6], ARGV[3] .. i) end
end`;

/** What the tag is part of the key for: look through all keys, then delete those that match. */
export const openKeysWay = (url: string): Way =>
  openDeletingWay(url, { hasTagSet: false, invalidate: (redis) => deleteMatching(redis, `${PREFIX}*`) });

/** The same for another tag, on which nothing depends: what the looking alone costs. */
export const openIdleKeysWay = (url: string): Way =>
  openDeletingWay(url, { hasTagSet: false, invalidate: (redis) => deleteMatching(redis, `${OTHER_PREFIX}*`) });

/** A set per tag, which every write adds its key to: delete its members, without waiting for the memory. */
export const openTagSetWay = (url: string): Way =>
  openDeletingWay(url, {
    hasTagSet: true,
    async invalidate(redis) {
      const keys = await redis.smembers(TAG_SET);
      for (const chunk of toChunks(keys)) await redis.unlink(chunk);
      await redis.unlink(TAG_SET);
    },
  });

type Deleting = { readonly hasTagSet: boolean; invalidate(redis: Redis): Promise<void> };

function openDeletingWay(url: string, { hasTagSet, invalidate }: Deleting): Way {
  const redis = new Redis(url);
  return {
    async fill(count) {
      for (let first = 0; first < count; first += CHUNK) {
        const last = Math.min(first + CHUNK, count);
        await redis.eval(FILL, 0, first, last, PREFIX, ANSWER_TEXT, hasTagSet ? '1' : '0', TAG_SET);
      }
    },
    invalidate: () => invalidate(redis),
    countServable: () => redis.dbsize(),
    async [Symbol.asyncDispose]() {
      redis.disconnect();
    },
  };
}

async function deleteMatching(redis: Redis, pattern: string): Promise<void> {
  const keys = await redis.keys(pattern);
  for (const chunk of toChunks(keys)) await redis.del(chunk);
}

function toChunks(keys: readonly string[]): string[][] {
  const chunks = Math.ceil(keys.length / CHUNK);
  return Array.from({ length: chunks }, (_, index) => keys.slice(index * CHUNK, (index + 1) * CHUNK));
}
