import type { Tidemark, TidemarkError } from '@tidemark/client';
import type { LabMessage, ScenarioName } from '@tidemark/schemas';
import { openStream, toFailure } from '../live/connect.ts';
import { addMessage, BLANK, type LabPicture } from './lab-picture.ts';

/**
 * idle → running → done (a verdict) | stopped (by whoever watches) | failed (refused, or the connection broke);
 * from each of them → running again.
 */
export type LabStatus = 'idle' | 'running' | 'done' | 'stopped' | 'failed';

/** One run of a scenario as it is watched; leaving the stream ends the run on the server. */
export class LabRun {
  #status = $state<LabStatus>('idle');
  #scenario = $state<ScenarioName>();
  #picture = $state.raw<LabPicture>(BLANK);
  #failure = $state.raw<TidemarkError>();
  #leave = () => {};

  get status(): LabStatus {
    return this.#status;
  }

  /** What is on the picture. */
  get scenario(): ScenarioName | undefined {
    return this.#scenario;
  }

  get picture(): LabPicture {
    return this.#picture;
  }

  get failure(): TidemarkError | undefined {
    return this.#failure;
  }

  start(tidemark: Promise<Tidemark>, scenario: ScenarioName): void {
    this.#leave();
    this.#status = 'running';
    this.#scenario = scenario;
    this.#picture = BLANK;
    this.#failure = undefined;
    // The server makes the lab's tenant and keys before it begins.
    let startedAt: number | undefined;
    const open = (client: Tidemark) =>
      client.admin.lab.run.subscribe(
        { scenario },
        {
          onData: (message: LabMessage) => {
            startedAt ??= performance.now();
            this.#picture = addMessage(this.#picture, message, performance.now() - startedAt);
            if (message.type === 'verdict') this.#end('done');
          },
          onConnectionStateChange: ({ state, error }) => {
            // A stream that came back would be another run; before the first message none has begun, and a refusal follows.
            if (state === 'connecting' && error !== null && startedAt !== undefined) void this.#fail(error);
          },
          onError: (error) => void this.#fail(error),
          onComplete: () => void this.#fail(new Error('The run ended without a verdict.')),
        },
      );
    const stream = openStream(tidemark, open, (error) => void this.#fail(error));
    this.#leave = () => stream.unsubscribe();
  }

  stop(): void {
    if (this.#status === 'running') this.#end('stopped');
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#status !== 'running') return;
    this.#end('failed');
    this.#failure = await toFailure(error);
  }

  #end(status: LabStatus): void {
    this.#status = status;
    this.#leave();
    this.#leave = () => {};
  }
}
