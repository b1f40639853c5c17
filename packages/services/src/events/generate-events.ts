import { setImmediate } from 'node:timers/promises';
import type { EventInput, GenerateInput, GenerateMessage, Receipt } from '@tidemark/schemas';
import { assertScope, type TenantContext } from '../context.ts';
import { recheckCredential } from '../live/recheck-credential.ts';
import { pause } from '../pause.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { GenerateRun } from './generate-run.ts';
import { ingestEvents } from './ingest-events.ts';

/** Batches under way: enough that one commit is full while the next gathers, and other senders find room beside. */
const MAX_UNDER_WAY = 6;
const PROGRESS_MS = 250;
/** How long a batch may be refused for load before the run says so. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 500;

/**
 * Makes traffic and sends it through ingest, as fast as that takes it: tells how far it is, and at last what
 * became of it all. Deterministic for a seed, so that whatever is sent again is a duplicate. Goes on behind
 * `lastEventId`; stops when its subscriber leaves, with what is under way.
 */
export async function* generateEvents(
  ctx: TenantContext,
  input: GenerateInput,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<{ id: string; message: GenerateMessage }> {
  assertScope(ctx, 'events:write');
  using _run = ctx.resources.openRuns.hold(ctx.tenant.id);
  const run = new GenerateRun(input, ctx.tenant.timeZone, ctx.resources.clock);
  yield { id: run.id, message: run.progress };
  const leaving = new AbortController();
  const stop = AbortSignal.any([signal, leaving.signal]);
  const recheck = recheckCredential(ctx);
  const underWay: Promise<Receipt[]>[] = [];
  const send = (events: EventInput[]) => {
    const sent = sendPatiently(ctx, events, stop);
    // It is waited for in its turn; until then another's failure may end the run.
    sent.catch(() => {});
    underWay.push(sent);
  };
  let toldAt = performance.now();
  try {
    const batches = run.batches();
    for (;;) {
      while (underWay.length < MAX_UNDER_WAY && !stop.aborted) {
        const { value, done } = batches.next();
        if (done === true) break;
        if (value.length > 0) send(value);
        // To make a batch takes some ms, in which nobody else is served.
        await setImmediate();
      }
      const oldest = underWay.shift();
      if (oldest === undefined || stop.aborted) break;
      run.enter(await oldest);
      await recheck(stop);
      if (performance.now() - toldAt < PROGRESS_MS) continue;
      toldAt = performance.now();
      yield { id: run.id, message: run.progress };
    }
    if (!stop.aborted) yield { id: run.id, message: run.report };
  } finally {
    leaving.abort();
  }
}

/** Sends a batch until it is taken: the events carry their ids, so that a repetition cannot count twice. */
async function sendPatiently(ctx: TenantContext, events: EventInput[], stop: AbortSignal): Promise<Receipt[]> {
  const started = performance.now();
  for (;;) {
    try {
      return (await ingestEvents(ctx, { events })).receipts;
    } catch (error) {
      const isPassing = error instanceof TidemarkError && (error.code === 'overloaded' || error.code === 'unavailable');
      if (!isPassing || stop.aborted || performance.now() - started > PATIENCE_MS) throw error;
      await pause(Math.max(RETRY_MS, Number(error.evidence.retryAfterMs) || 0) * (0.5 + Math.random()), stop);
    }
  }
}
