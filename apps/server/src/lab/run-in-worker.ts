import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { LabMessage, ScenarioName } from '@tidemark/schemas';
import { type LabRun, TidemarkError } from '@tidemark/services';
import type { FromLabWorker, LabWorkerData, ToLabWorker } from './lab-worker-data.ts';

/** What a stopped run gets to end its phase and to put things right. */
const STOP_MS = 5_000;
/** What kept the lab from its events or its second server is over soon, or for longer than anybody waits. */
const RETRY_AFTER_MS = 10_000;

/** Runs a scenario in a thread of its own, and does in this one what it asks for. */
export async function* runInWorker(
  { signal, control, ...run }: LabRun,
  urls: readonly string[],
): AsyncGenerator<LabMessage> {
  const { scenario, phaseSeconds, keys } = run;
  const data: LabWorkerData = { scenario, phaseSeconds, keys, urls };
  const worker = new Worker(new URL('./lab-worker.ts', import.meta.url), { workerData: data });
  const ended = new AbortController();
  worker.on('error', (error) => ended.abort(error));
  const stop = () => worker.postMessage({ kind: 'stop' } satisfies ToLabWorker);
  signal.addEventListener('abort', stop, { once: true });
  const tooLong = () => setTimeout(() => void worker.terminate().then(() => ended.abort()), STOP_MS).unref();
  signal.addEventListener('abort', tooLong, { once: true });
  try {
    for await (const [words] of on(worker, 'message', { signal: ended.signal, close: ['exit'] })) {
      const said = words as FromLabWorker;
      if (said.kind === 'message') yield said.message;
      else if (said.kind === 'inject') control.inject(said.fault, said.forMs);
      else if (said.kind === 'clear') control.clear();
      else if (said.kind === 'budget') await control.limitAnalytics(said.calls);
      else if (said.kind === 'failed') throw brokenOff(scenario, said.reason);
      else return;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    signal.removeEventListener('abort', tooLong);
    await worker.terminate();
  }
}

function brokenOff(scenario: ScenarioName, why: string): TidemarkError {
  const reason = `The scenario broke off: ${why}. Run it again when the server does better; admin.health says how it does.`;
  return new TidemarkError('unavailable', reason, { scenario, retryAfterMs: RETRY_AFTER_MS });
}
