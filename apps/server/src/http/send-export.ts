import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseInput } from '@tidemark/router';
import { type Event, EXPORT_FORMATS, type ExportFormat, exportInputSchema } from '@tidemark/schemas';
import { chargeCall, exportEvents, TidemarkError, tenantContext } from '@tidemark/services';
import type { Logger } from 'pino';
import { CSV_HEADER, toCsvRecord } from '../export/to-csv.ts';
import type { MeasureTexts } from './measure-export.ts';
import { STALLED_AFTER_MS } from './stalled-after.ts';
import { toExportInput } from './to-export-input.ts';
import { toLimitHeaders } from './to-limit-headers.ts';
import { type Serving, toRawContext } from './to-raw-context.ts';
import { toRequestId } from './to-request-id.ts';

const CONTENT_TYPES: Record<ExportFormat, string> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
};

export type ExportOptions = {
  readonly serving: Serving;
  readonly logger: Logger;
  readonly url: URL;
  readonly format: ExportFormat;
  readonly measure: MeasureTexts;
};

/** The format that a path asks to export in; undefined for any other path. */
export function findExportFormat(pathname: string): ExportFormat | undefined {
  return EXPORT_FORMATS.find((format) => pathname === `/export/events.${format}`);
}

/**
 * Streams a tenant's events, as slowly as they are read. Refuses like any call until the first byte; what fails after
 * that breaks the connection off, so that nobody takes a part for the whole.
 */
export async function sendExport(
  request: IncomingMessage,
  response: ServerResponse,
  { serving, logger, url, format, measure }: ExportOptions,
): Promise<void> {
  const { method = '' } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    throw new TidemarkError('method_not_allowed', 'Ask for an export by GET.', { method });
  }
  const raw = toRawContext(request, serving);
  const ctx = await tenantContext(raw);
  await chargeCall(ctx, 'eventReads').finally(() => {
    for (const [name, value] of Object.entries(toLimitHeaders(raw.bill))) response.setHeader(name, value);
  });
  const query = parseInput(exportInputSchema, toExportInput(url.searchParams));
  const leaving = new AbortController();
  response.once('close', () => leaving.abort());
  const pages = exportEvents(ctx, query, leaving.signal);
  const first = await pages.next();
  if (response.destroyed) {
    await pages.return(undefined);
    return;
  }
  response.writeHead(200, {
    'content-type': CONTENT_TYPES[format],
    'content-disposition': `attachment; filename="events.${format}"`,
  });
  if (method === 'HEAD') {
    await pages.return(undefined);
    response.end();
    return;
  }
  endWhenStalled(response);
  try {
    await pipeline(Readable.from(measure(toText(format, first, pages)), { highWaterMark: 1 }), response);
  } catch (error) {
    // Whoever goes away in the middle is no failure of ours.
    if (isGone(error)) return;
    logger.warn({ error, requestId: toRequestId(request) }, 'an export was broken off');
  }
}

/** What is searched for long is waited for; a reader who stopped reading is not. */
function endWhenStalled(response: ServerResponse): void {
  const { socket } = response;
  response.setTimeout(STALLED_AFTER_MS, () => {
    if (response.writableNeedDrain) response.destroy();
    else socket?.setTimeout(STALLED_AFTER_MS);
  });
}

async function* toText(
  format: ExportFormat,
  first: IteratorResult<Event[]>,
  rest: AsyncGenerator<Event[]>,
): AsyncGenerator<string> {
  if (format === 'csv') yield CSV_HEADER;
  if (first.done === true) return;
  yield toLines(format, first.value);
  for await (const events of rest) yield toLines(format, events);
}

function toLines(format: ExportFormat, events: readonly Event[]): string {
  if (format === 'csv') return events.map(toCsvRecord).join('');
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
