import { pause } from '../pause.ts';
import { isOutage } from '../resilience/is-outage.ts';
import { withReadFaults } from '../with-read-faults.ts';

/** How long a stream waits for a database that is away before it says so; its reader resumes it later. */
const PATIENCE_MS = 15_000;
const RETRY_MS = 500;

/** Runs a stream's read, again and again through a short outage. Throws the refusal that lasted. */
export async function withPatience<Result>(read: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  const started = performance.now();
  for (;;) {
    try {
      return await withReadFaults(read);
    } catch (error) {
      if (!isOutage(error) || signal.aborted || performance.now() - started > PATIENCE_MS) throw error;
      await pause(RETRY_MS, signal);
    }
  }
}
