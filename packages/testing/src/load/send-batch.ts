import { type ErrorData, errorDataSchema, type IngestOutput, ingestOutputSchema } from '@tidemark/schemas';
import type { Ledger, LoadEvent } from './ledger.ts';

export type SendTarget = { readonly url: string; readonly key: string; readonly ledger: Ledger };

export type SendResult =
  | { readonly type: 'answered'; readonly output: IngestOutput }
  | { readonly type: 'refused'; readonly refusal: ErrorData }
  /** The connection failed before an answer had come whole: nobody knows what became of the batch. */
  | { readonly type: 'lost'; readonly reason: string };

/** Longer than a server takes to give up on its database. */
const ANSWER_TIMEOUT_MS = 60_000;

/** Sends one batch once, over plain HTTP, and keeps the book. */
export async function sendBatch({ url, key, ledger }: SendTarget, events: readonly LoadEvent[]): Promise<SendResult> {
  ledger.enterSent(events);
  let body: unknown;
  try {
    const response = await fetch(`${url}/trpc/events.ingest`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ events }),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    body = await response.json();
  } catch (error) {
    return { type: 'lost', reason: toReason(error) };
  }
  const answer = body as { result?: { data: unknown }; error?: { data: unknown } };
  if (answer.result === undefined) return { type: 'refused', refusal: errorDataSchema.parse(answer.error?.data) };
  const output = ingestOutputSchema.parse(answer.result.data);
  ledger.enterReceipts(events, output.receipts);
  return { type: 'answered', output };
}

function toReason(error: unknown): string {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
