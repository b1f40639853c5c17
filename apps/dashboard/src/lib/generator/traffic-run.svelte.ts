import type { Tidemark, TidemarkError } from '@tidemark/client';
import type { GenerateInput, GenerateMessage, GenerateReport } from '@tidemark/schemas';
import { openStream, toFailure } from '../live/connect.ts';

/**
 * idle → running → done (a report) | stopped (by whoever watches) | failed (refused, or the server gave up);
 * from each of them → running again. Over a drop of the connection a run goes on where it was.
 */
export type TrafficStatus = 'idle' | 'running' | 'done' | 'stopped' | 'failed';

type Progress = Exclude<GenerateMessage, { report: unknown }>;

/** One run of the generator as it is watched; leaving the stream ends the run on the server. */
export class TrafficRun {
  #status = $state<TrafficStatus>('idle');
  #progress = $state.raw<Progress>();
  #report = $state.raw<GenerateReport>();
  #failure = $state.raw<TidemarkError>();
  #isAway = $state(false);
  #leave = () => {};

  get status(): TrafficStatus {
    return this.#status;
  }

  /** Undefined: the server has not begun. */
  get progress(): Progress | undefined {
    return this.#progress;
  }

  get report(): GenerateReport | undefined {
    return this.#report;
  }

  get failure(): TidemarkError | undefined {
    return this.#failure;
  }

  /** The connection is away, and the run waits for it. */
  get isAway(): boolean {
    return this.#isAway;
  }

  start(tidemark: Promise<Tidemark>, input: GenerateInput): void {
    this.#leave();
    this.#status = 'running';
    this.#progress = undefined;
    this.#report = undefined;
    this.#failure = undefined;
    this.#isAway = false;
    const fail = (error: unknown) =>
      void toFailure(error).then((failure) => {
        this.#failure = failure;
        this.#end('failed');
      });
    const open = (client: Tidemark) =>
      client.events.generate.subscribe(input, {
        onData: ({ data }) => {
          this.#isAway = false;
          if ('report' in data) this.#finish(data.report);
          else this.#progress = data;
        },
        onConnectionStateChange: ({ state, error }) => {
          // Before the first message a refusal follows, or the first attempt that succeeds.
          if (state === 'connecting' && error !== null && this.#progress !== undefined) this.#isAway = true;
        },
        onError: fail,
      });
    const stream = openStream(tidemark, open, fail);
    this.#leave = () => stream.unsubscribe();
  }

  stop(): void {
    if (this.#status === 'running') this.#end('stopped');
  }

  #finish(report: GenerateReport): void {
    this.#report = report;
    this.#end('done');
  }

  #end(status: TrafficStatus): void {
    this.#status = status;
    this.#isAway = false;
    this.#leave();
    this.#leave = () => {};
  }
}
