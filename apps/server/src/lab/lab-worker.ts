// The thread of one run of the lab: its load must not take the time of the thread that serves it.
import { parentPort, workerData } from 'node:worker_threads';
import { createScenario, runScenario } from '@tidemark/services';
import { createLabClient } from './create-lab-client.ts';
import type { FromLabWorker, LabWorkerData, ToLabWorker } from './lab-worker-data.ts';

const { scenario, phaseSeconds, keys, urls } = workerData as LabWorkerData;
const port = parentPort;
if (port === null) throw new Error('the lab runs in a worker');
const say = (words: FromLabWorker) => port.postMessage(words);

const stopping = new AbortController();
port.on('message', ({ kind }: ToLabWorker) => {
  if (kind === 'stop') stopping.abort();
});
const client = createLabClient({
  urls,
  keys,
  control: {
    injectFault: (fault, forMs) => say({ kind: 'inject', fault, forMs }),
    clearFaults: () => say({ kind: 'clear' }),
    setBudget: (calls) => say({ kind: 'budget', calls }),
    liftLimits: () => say({ kind: 'budget', calls: null }),
  },
});
try {
  const run = { client, phaseSeconds, signal: stopping.signal };
  for await (const message of runScenario(createScenario(scenario), run)) say({ kind: 'message', message });
  say({ kind: 'done' });
} catch (error) {
  say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
}
port.close();
