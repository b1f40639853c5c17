import { MAX_EVENTS_PER_BATCH } from '@tidemark/schemas';
import type { SenderOptions, SourcedEvent } from './batch-sender.ts';
import { BatchSender } from './batch-sender.ts';
import type { ImportFormat, LineParser } from './import-format.ts';
import { createLineParsers } from './import-format.ts';
import type { ImportTally } from './import-tally.ts';
import { LineIds } from './line-ids.ts';
import { openInput } from './open-input.ts';
import { readCsv } from './read-csv.ts';
import type { Line } from './read-lines.ts';
import { readLines } from './read-lines.ts';

export type ImportInput = { readonly path: string; readonly format: ImportFormat };

export type ImportOptions = Omit<SenderOptions, 'ingest'> & {
  readonly inputs: readonly ImportInput[];
  /** Undefined: only read, send nothing. */
  readonly ingest: SenderOptions['ingest'] | undefined;
  /** Default: the most a request may carry. */
  readonly batchSize?: number | undefined;
};

/** How an import ended: `failed` carries what stopped it. */
export type ImportOutcome =
  | { readonly status: 'complete' | 'interrupted' }
  | { readonly status: 'failed'; readonly error: Error };

/** Far above what any server writes or any event may hold; past it a line is broken. */
const MAX_LINE_BYTES = 1024 * 1024;
/** Lines of this size make a body below 4 MiB even if JSON must escape every other byte. */
const MAX_BATCH_LINE_BYTES = 512 * 1024;

/** Reads the inputs one after the other and sends their events in batches; the figures go to the tally. */
export async function runImport(options: ImportOptions): Promise<ImportOutcome> {
  const { tally, ingest } = options;
  const sender = ingest === undefined ? undefined : new BatchSender({ ...options, ingest });
  const stop = sender === undefined ? options.signal : AbortSignal.any([options.signal, sender.failed]);
  const batch = new Batch(sender, options.batchSize ?? MAX_EVENTS_PER_BATCH);
  using ids = new LineIds();
  const parsers = createLineParsers();

  for (const { path, format } of options.inputs) {
    await readInput(path, {
      split: format === 'csv' ? readCsv : readLines,
      parse: parsers[format],
      ids,
      tally,
      batch,
      stop,
    });
  }
  if (!stop.aborted) await batch.flush();
  await sender?.drain();

  if (sender?.failed.aborted) return { status: 'failed', error: toError(sender.failed.reason) };
  return { status: options.signal.aborted ? 'interrupted' : 'complete' };
}

type Reading = {
  readonly split: (chunks: AsyncIterable<Buffer>, maxBytes: number) => AsyncGenerator<Line[], void>;
  readonly parse: LineParser;
  readonly ids: LineIds;
  readonly tally: ImportTally;
  readonly batch: Batch;
  readonly stop: AbortSignal;
};

/** A file that breaks off is noted, and what was read of it counts. */
async function readInput(input: string, reading: Reading): Promise<void> {
  const { split, tally, batch, stop } = reading;
  if (stop.aborted) return;
  const onRead = (bytes: number) => {
    tally.bytes += bytes;
  };
  try {
    for await (const lines of split(openInput(input, { signal: stop, onRead }), MAX_LINE_BYTES)) {
      for (const line of lines) {
        const source = toSourcedEvent(line, input, reading);
        if (source !== undefined && batch.add(source, line.bytes?.length ?? 0)) await batch.flush();
        if (stop.aborted) return;
      }
    }
  } catch (error) {
    if (!stop.aborted) tally.unreadable.push({ input, reason: toError(error).message });
  }
}

function toSourcedEvent({ number, bytes, isEnded }: Line, input: string, { parse, ids, tally }: Reading) {
  const refuse = (reason: string): undefined => tally.addBroken({ input, line: number, reason });
  tally.lines += 1;
  if (bytes === undefined) return refuse(`longer than ${MAX_LINE_BYTES} bytes`);
  if (bytes.length === 0) return undefined;
  const parsed = parse({ bytes, isEnded });
  if ('broken' in parsed) return refuse(parsed.broken);
  tally.events += 1;
  const { event } = parsed;
  const id = event.id ?? ids.next(bytes, event.occurredAt);
  return { input, line: number, event: { ...event, id } };
}

/** Events gathered for one request, bounded in number and in bytes. */
class Batch {
  readonly #sender: BatchSender | undefined;
  readonly #maxEvents: number;
  #events: SourcedEvent[] = [];
  #bytes = 0;

  constructor(sender: BatchSender | undefined, maxEvents: number) {
    this.#sender = sender;
    this.#maxEvents = maxEvents;
  }

  /** Whether it is full now. */
  add(source: SourcedEvent, lineBytes: number): boolean {
    this.#events.push(source);
    this.#bytes += lineBytes;
    return this.#events.length >= this.#maxEvents || this.#bytes >= MAX_BATCH_LINE_BYTES;
  }

  async flush(): Promise<void> {
    const events = this.#events;
    this.#events = [];
    this.#bytes = 0;
    if (events.length > 0) await this.#sender?.send(events);
  }
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
