import type { RedisConnection } from '../connect-redis.ts';
import type { CacheKeys } from './cache-keys.ts';
import { newGeneration } from './new-generation.ts';
import { MAX_PENDING } from './watermark.ts';

/** A week after it was last used a tenant is forgotten. An answer that outlives a generation matches none that follows. */
const FORGET_MS = 7 * 86_400_000;
/** Longer than an answer may be served whose generations moved, many times over. */
const ACKNOWLEDGED_MS = 10_000;

// Each works on O(tags) keys, all of one slot. KEYS: the watermark, the pending commits, then the tags, then the
// acknowledgements. ARGV: a nonce, the number of tags, ms until they are forgotten, the sequence, the most that may
// wait, ms of an acknowledgement. Numbers are written by '%.0f', since Lua shortens those above 10^14.

const RENEW = `
for i = 3, 2 + tonumber(ARGV[2]) do redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[3]) end`;

/** Notes the highest sequence for each reader. */
const ACKNOWLEDGE = `
for i = 3 + tonumber(ARGV[2]), #KEYS do
  local highest = math.max(tonumber(ARGV[4]), tonumber(redis.call('GET', KEYS[i]) or 0))
  redis.call('SET', KEYS[i], string.format('%.0f', highest), 'PX', ARGV[6])
end`;

/** Sets the watermark, and moves it on over what waited for it. */
const RAISE = `
local function raise(mark)
  while redis.call('ZREM', KEYS[2], string.format('%.0f', mark + 1)) == 1 do mark = mark + 1 end
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', mark))
  redis.call('SET', KEYS[1], string.format('%.0f', mark), 'PX', ARGV[3])
end
local known, seq = tonumber(redis.call('GET', KEYS[1]) or ''), tonumber(ARGV[4])`;

/** Comes last, so that a watermark never says more than was renewed. */
const MOVE = `
if known and seq == known + 1 then
  raise(seq)
elseif not known or seq > known then
  redis.call('ZADD', KEYS[2], ARGV[4], ARGV[4])
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1 - tonumber(ARGV[5]))
end`;

const CATCH_UP = `
if not known or seq > known then raise(seq) end`;

/** KEYS: tags; ARGV: a nonce, ms until they are forgotten. Who comes first begins a generation for everyone. */
const BEGIN = `
local generations = {}
for i = 1, #KEYS do
  redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2], 'NX')
  generations[i] = redis.call('GET', KEYS[i])
end
return generations`;

type Arguments = readonly (string | number)[];
type Run<T> = (numberOfKeys: number, ...rest: Arguments) => Promise<T>;
type Commands = {
  readonly tidemarkRenew: Run<null>;
  readonly tidemarkApply: Run<null>;
  readonly tidemarkCatchUp: Run<null>;
  readonly tidemarkBegin: Run<string[]>;
};

type Change = {
  readonly keys: CacheKeys;
  readonly tags: readonly string[];
  readonly seq?: number;
  readonly readers?: readonly string[];
};

const LUA = {
  tidemarkRenew: RENEW,
  tidemarkApply: RENEW + ACKNOWLEDGE + RAISE + MOVE,
  tidemarkCatchUp: RENEW + ACKNOWLEDGE + RAISE + CATCH_UP,
  tidemarkBegin: BEGIN,
} satisfies Record<keyof Commands, string>;

export const CACHE_SCRIPTS: readonly string[] = Object.keys(LUA);

/** What must happen at once in Redis. */
export class CacheScripts {
  readonly #commands: Commands;

  constructor(redis: RedisConnection) {
    for (const [name, lua] of Object.entries(LUA)) redis.defineCommand(name, { lua });
    this.#commands = redis as unknown as Commands;
  }

  async renew(change: Change): Promise<void> {
    await this.#commands.tidemarkRenew(...toArguments(change, []));
  }

  async apply(change: Change): Promise<void> {
    const { keys, readers = [] } = change;
    const acknowledged = readers.map((reader) => keys.acknowledged(reader));
    await this.#commands.tidemarkApply(...toArguments(change, acknowledged));
  }

  async catchUp(change: Change): Promise<void> {
    await this.#commands.tidemarkCatchUp(...toArguments(change, [change.keys.acknowledgedToAll]));
  }

  /** The generations of the keys, begun where they are missing. */
  begin(generationKeys: readonly string[]): Promise<string[]> {
    return this.#commands.tidemarkBegin(generationKeys.length, ...generationKeys, newGeneration(), FORGET_MS);
  }
}

function toArguments({ keys, tags, seq = 0 }: Change, acknowledged: readonly string[]): [number, ...Arguments] {
  const named = [keys.watermark, keys.pending, ...tags.map((tag) => keys.generation(tag)), ...acknowledged];
  const given = [newGeneration(), tags.length, FORGET_MS, seq, MAX_PENDING, ACKNOWLEDGED_MS];
  return [named.length, ...named, ...given];
}
