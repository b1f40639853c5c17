import { pause } from '../pause.ts';
import { isOutage } from '../resilience/is-outage.ts';
import { withReadFaults } from '../with-read-faults.ts';

/** How long whoever can wait does for a database that is away, before it says so; a stream's reader resumes it later. */
const PATIENCE_MS = 15_000;
const RETRY_MS = 500;

/** Runs what may be repeated again and again through a short outage. Throws the refusal that lasted. */
export async function withPatience<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  const started = performance.now();
  for (;;) {
    try {
      return await withReadFaults(work);
    } catch (error) {
      if (!isOutage(error) || signal.aborted || performance.now() - started > PATIENCE_MS) throw error;
      await pause(RETRY_MS, signal);
    }
  }
}
