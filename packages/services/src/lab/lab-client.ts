import type { InjectedFault } from '@tidemark/database';
import type { ErrorCode, EventInput, Health, IngestOutput, Summary, SummaryInput } from '@tidemark/schemas';

/** What became of one call, and how long it took. */
export type Called<Data> =
  | { readonly status: 'answered'; readonly data: Data; readonly tookMs: number }
  /** `retryAfterMs` is 0 where the refusal names no time. */
  | {
      readonly status: 'refused';
      readonly code: ErrorCode;
      readonly httpStatus: number;
      readonly retryAfterMs: number;
      readonly tookMs: number;
    };

export type CallOptions = {
  readonly priority?: 'low' | 'normal' | 'high';
  /** Which of the lab's servers. Default 0, the one under test. */
  readonly server?: 0 | 1;
};

/** How a scenario reaches the servers: over HTTP, as anyone would, each call once and without patience. */
export type LabClient = {
  /** By a key that only reads; of high priority by one that is allowed it. */
  summarize(input: SummaryInput, options?: CallOptions): Promise<Called<Summary>>;
  /** By a key that only writes. */
  ingest(events: readonly EventInput[]): Promise<Called<IngestOutput>>;
  health(options?: CallOptions): Promise<Called<Health>>;
  clearCache(): Promise<Called<unknown>>;
  /** Breaks the connections of the server under test, for so long at most. */
  injectFault(fault: InjectedFault, forMs: number): void;
  clearFaults(): void;
  /** What each of the lab's keys may ask of `analytics` in a minute. */
  setBudget(calls: number): void;
  /** As much as anybody asks. */
  liftLimits(): void;
};
