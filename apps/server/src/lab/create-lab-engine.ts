import type { InjectedFaults } from '@tidemark/database';
import type { LabMessage } from '@tidemark/schemas';
import type { LabEngine, LabRun } from '@tidemark/services';
import { runInWorker } from './run-in-worker.ts';
import { startSecondServer } from './start-second-server.ts';

export type LabEngineOptions = {
  /** Of the server that has the lab. */
  readonly url: string;
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly faults: InjectedFaults | undefined;
};

/** The lab of a server: each run in a thread of its own, with a second server where the scenario needs one. */
export function createLabEngine({ url, faults, ...shared }: LabEngineOptions): LabEngine {
  return {
    faults,
    async *run(run: LabRun): AsyncGenerator<LabMessage> {
      if (run.scenario !== 'end_to_end') return yield* runInWorker(run, [url]);
      await using second = await startSecondServer(shared);
      yield* runInWorker(run, [url, second.url]);
    },
  };
}
