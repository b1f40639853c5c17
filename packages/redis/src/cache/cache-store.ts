/** An answer as it is kept. */
export type CacheEntry = {
  /** A JSON value; not to be changed by whoever reads it. */
  readonly value: unknown;
  /** The last commit it holds. */
  readonly seq: number;
  /** The generations of its tags, in the order of the tags, read before it was computed. */
  readonly generations: readonly string[];
  /** When its computation began, epoch ms by the clock of the server that did: for its age, never for its validity. */
  readonly computedAt: number;
};

/** What is known of a question. */
export type CacheReading = {
  /** The last answer kept, whether its generations still stand or not. */
  readonly entry: CacheEntry | undefined;
  /** The generations of the tags now, in their order. */
  readonly generations: readonly string[];
  /** The highest sequence acknowledged to the reader of late; 0 where there is none. */
  readonly acknowledgedSeq: number;
  /** The tenant's watermark now; lower than it was before where the store lost what it had noted. */
  readonly watermark: number | undefined;
};

export type CacheQuestion = {
  readonly tenantId: string;
  /** The canonical question, hashed. */
  readonly key: string;
  /** What its answer depends on. */
  readonly tags: readonly string[];
  /** Who asks: the id of an API key. */
  readonly reader: string;
};

/** A transaction that took a place in the tenant's commit order. */
export type AppliedCommit = {
  readonly tenantId: string;
  readonly seq: number;
  /** What it changed; empty where it took its place without changing anything. */
  readonly tags: readonly string[];
  /** Whom it is about to be acknowledged to: ids of API keys. */
  readonly readers: readonly string[];
};

/**
 * Keeps answers with the generations of the tags they depend on. A tag's generation is a random nonce;
 * replacing it takes every answer that depends on it out of date at once, however many there are, and leaves
 * them to be served as stale when nothing better can be had. A generation that is missing (never set,
 * expired, flushed) is begun by whoever reads it, so that no answer kept before matches it.
 *
 * The watermark is the sequence up to which every commit of the tenant has been applied here. It moves with
 * commits that follow each other, waits at a gap (a server that died between its commit and this), and goes
 * away with a flush or an old snapshot: who compares it with the database's head knows what is missing.
 */
export type CacheStore = AsyncDisposable & {
  /** Whether other servers see what is kept here. */
  readonly isShared: boolean;
  /** Whether it can be asked now; an in-process store always can. */
  readonly isAvailable: boolean;
  /** Answers in this process's memory, of all tenants; bytes as JSON. */
  readonly held: { readonly entries: number; readonly bytes: number };
  /** One round trip where nothing is missing. */
  read(question: CacheQuestion): Promise<CacheReading>;
  /** Keeps an answer for at most `keepMs`; the store is bounded and may drop it before. */
  write(tenantId: string, key: string, entry: CacheEntry, keepMs: number): Promise<void>;
  /** Renews the tags, notes the acknowledgements and then moves the watermark, in time that depends on none of the entries. */
  apply(commit: AppliedCommit): Promise<void>;
  /** The watermark, undefined where nothing is known. */
  findWatermark(tenantId: string): Promise<number | undefined>;
  /**
   * After commits up to `seq` were read from the database: renews their tags, then raises the watermark to it. Whom
   * they were acknowledged to may have been lost with them, so everyone is taken for having been.
   */
  catchUp(tenantId: string, seq: number, tags: readonly string[]): Promise<void>;
  /** Renews tags outside of any commit. */
  renew(tenantId: string, tags: readonly string[]): Promise<void>;
};
