import { DEFAULT_LIMITS, type LimitName, type LimitRule, type LimitRules } from '@tidemark/services';

const NAMES = Object.keys(DEFAULT_LIMITS);
/** Longer windows would have to be waited for by whoever met their end. */
const MAX_SECONDS = 86_400;

/** Reads `analytics=100/60,general=1000/900`: calls, and the seconds of their window. */
export function parseLimits(text: string): Partial<LimitRules> {
  const parts = text.split(',').map((part) => part.trim());
  return Object.fromEntries(parts.map(parseLimit));
}

function parseLimit(part: string): [LimitName, LimitRule] {
  const [, name = '', calls, seconds] = /^(\w+)=(\d{1,9})\/(\d{1,5})$/.exec(part) ?? [];
  const [budget, windowSeconds] = [Number(calls), Number(seconds)];
  if (!isLimitName(name) || !(budget >= 1) || !(windowSeconds >= 1 && windowSeconds <= MAX_SECONDS)) {
    throw new Error(
      `must be <class>=<calls>/<seconds>, comma-separated, such as analytics=100/60, for the classes ${NAMES.join(', ')}`,
    );
  }
  return [name, { budget, windowMs: windowSeconds * 1_000 }];
}

function isLimitName(name: string): name is LimitName {
  return NAMES.includes(name);
}
