import { hash } from 'node:crypto';
import type { Answer } from '../analytics/answer-question.ts';
import type { EpochRange } from '../calendar/resolve-range.ts';
import { canonicalJson } from '../canonical-json.ts';
import { toDependencies } from './time-tags.ts';

/** To be raised when the shape of an answer changes, so that servers of two versions never read each other's. */
const SCHEMA_VERSION = 1;

/** A question whose answer may be kept. */
export type CacheableQuestion<Numbers extends object> = {
  readonly tenantId: string;
  /** Everything the answer follows from, resolved; in any order of keys. */
  readonly canonical: object;
  /** The same without what follows from the time it is asked at; undefined where nothing does. */
  readonly relative?: object | undefined;
  /** The ranges it is about; the first is the one its age is told by. */
  readonly ranges: readonly [EpochRange, ...EpochRange[]];
  readonly compute: () => Promise<Answer<Numbers>>;
};

/** Who asks, and how new the answer has to be. */
export type Reader = {
  /** The id of the API key; empty for the server itself. */
  readonly id: string;
  /** Whether it could have been acknowledged a write, which its answer then holds. */
  readonly mayWrite: boolean;
  /** Asks past the cache. */
  readonly fresh: boolean;
  /**
   * Whether an answer that was right within the last second will do. For a stream it will not: of what was
   * committed just before it began it hears nothing more.
   */
  readonly mayBeBehind: boolean;
  /** How old (ms) an answer may be that is not right any more; 0: only what is right will do. */
  readonly mayBeStaleMs: number;
};

/** A question as it was asked. */
export type Asked = {
  readonly question: CacheableQuestion<object>;
  readonly reader: Reader;
  /** Its canonical form, hashed; `id` with the tenant's. */
  readonly key: string;
  readonly id: string;
  /** Names the question whenever it is asked; undefined where it is about the same range for ever. */
  readonly relativeId: () => string | undefined;
  readonly tags: readonly string[];
  /** Monotonic ms. */
  readonly at: number;
};

export function toAsked(question: CacheableQuestion<object>, reader: Reader, at: number): Asked {
  const { tenantId, canonical, relative, ranges } = question;
  const key = toKey(canonical);
  const relativeId = () => relative && `${tenantId}:${toKey(relative)}`;
  return { question, reader, key, id: `${tenantId}:${key}`, relativeId, tags: toDependencies(ranges), at };
}

function toKey(canonical: object): string {
  return hash('sha256', canonicalJson({ version: SCHEMA_VERSION, ...canonical }), 'base64url');
}
