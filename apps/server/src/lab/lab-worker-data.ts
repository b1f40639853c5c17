import type { InjectedFault } from '@tidemark/database';
import type { LabMessage, RunLabInput } from '@tidemark/schemas';
import type { LabKeys } from '@tidemark/services';

/** What the worker of a run is told at its start. */
export type LabWorkerData = RunLabInput & {
  readonly keys: LabKeys;
  /** The server under test, and a second one where the scenario needs it. */
  readonly urls: readonly string[];
};

/** What it says: a message of the run, or something to be done in the server. */
export type FromLabWorker =
  | { readonly kind: 'message'; readonly message: LabMessage }
  | { readonly kind: 'inject'; readonly fault: InjectedFault; readonly forMs: number }
  | { readonly kind: 'clear' }
  /** Null lifts it. */
  | { readonly kind: 'budget'; readonly calls: number | null }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'done' };

/** What it is told meanwhile. */
export type ToLabWorker = { readonly kind: 'stop' };
