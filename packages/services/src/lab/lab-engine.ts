import type { InjectedFaults } from '@tidemark/database';
import type { LabMessage, RunLabInput } from '@tidemark/schemas';

/** Keys of one run: they end with it. */
export type LabKeys = { readonly viewer: string; readonly ingest: string; readonly admin: string };

/** What a scenario may do that no key of a tenant can: done here, for the worker that asks. */
export type LabControl = Pick<InjectedFaults, 'inject' | 'clear'> & {
  /** What each key of the lab may ask of `analytics` in a minute; null: as much as anybody asks. */
  readonly limitAnalytics: (calls: number | null) => Promise<void>;
};

export type LabRun = RunLabInput & {
  readonly keys: LabKeys;
  readonly control: LabControl;
  readonly signal: AbortSignal;
};

/** What the composition root gives a server so that it has a lab. */
export type LabEngine = {
  /** Runs a scenario outside of the thread that serves, over HTTP. */
  readonly run: (run: LabRun) => AsyncIterable<LabMessage>;
  /** Set where faults may be injected. */
  readonly faults: InjectedFaults | undefined;
};
