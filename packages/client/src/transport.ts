/** How to reach the API; made once by `createTidemark`. */
export type Transport = {
  /** Where the procedures are: the base with `/trpc`. */
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
  /** Whether queries of one tick share a request. */
  readonly isBatching: boolean;
};
