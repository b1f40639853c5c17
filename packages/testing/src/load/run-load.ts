import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadEvent } from './ledger.ts';
import { makeLoadEvents } from './load-events.ts';
import { type SendTarget, sendBatch } from './send-batch.ts';

export type LoadOptions = SendTarget & {
  /** No new batches after it; those that were begun are sent until they are acknowledged. */
  readonly signal: AbortSignal;
  /** Default 6, each with one batch under way. */
  readonly senders?: number;
  /** Events per batch at most. Default 120. */
  readonly maxBatch?: number;
};

export type LoadReport = {
  batches: number;
  /** How often what kept a batch from its receipts: error codes of the server's or of the connection's. */
  readonly failures: Map<string, number>;
};

/** A server that is being restarted is asked again this soon. */
const RETRY_MS = 20;
/** A batch that is not acknowledged by then never will be: twice the longest outage that is made. */
const PATIENCE_MS = 120_000;
/** Refusals that a sender may meet while things break, each of which says when to come again. */
const PASSING = new Set(['unavailable', 'overloaded']);

/**
 * Sends random batches from several senders at once, each again with the same ids until it is acknowledged.
 * Some batches go out twice, by the next sender at the same time or by the same one afterwards.
 * Throws at any refusal that is not the passing kind.
 */
export async function runLoad(options: LoadOptions): Promise<LoadReport> {
  const { signal, senders = 6, maxBatch = 120 } = options;
  const report: LoadReport = { batches: 0, failures: new Map() };
  const deliver = async (events: readonly LoadEvent[]) => {
    await sendUntilAcknowledged(options, events, report.failures);
    report.batches += 1;
  };
  const send = async () => {
    while (!signal.aborted) {
      const events = makeLoadEvents(randomInt(1, maxBatch + 1));
      await Promise.all([deliver(events), ...(randomInt(10) === 0 ? [deliver(events.toReversed())] : [])]);
      if (randomInt(10) === 0) await deliver(events);
    }
  };
  await Promise.all(Array.from({ length: senders }, send));
  return report;
}

async function sendUntilAcknowledged(
  target: SendTarget,
  events: readonly LoadEvent[],
  failures: Map<string, number>,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const result = await sendBatch(target, events);
    if (result.type === 'answered') return;
    if (result.type === 'refused') assertPassing(result.refusal);
    const failure = result.type === 'refused' ? result.refusal.code : result.reason;
    failures.set(failure, (failures.get(failure) ?? 0) + 1);
    if (performance.now() > deadline) throw new Error(`a batch was never acknowledged; at last: ${failure}`);
    await delay(RETRY_MS);
  }
}

function assertPassing({ code, reason, evidence }: { code: string; reason: string; evidence: object }): void {
  const retryAfterMs = 'retryAfterMs' in evidence ? Number(evidence.retryAfterMs) : 0;
  if (PASSING.has(code) && retryAfterMs > 0) return;
  throw new Error(`a batch was refused with ${code} (retryAfterMs ${retryAfterMs}): ${reason}`);
}
