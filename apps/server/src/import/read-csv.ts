import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { Line } from './read-lines.ts';

/** Records handed on at once. */
const MAX_LINES = 1_000;

type CsvRecord = { readonly record: readonly string[]; readonly info: { readonly lines: number } };

/**
 * Reads CSV as it is exported, or any with a header of an event's fields: each record comes as the line of NDJSON that
 * says the same, numbered by where it ends in the file. A file whose quotes do not match breaks off there.
 */
export async function* readCsv(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Line[], void> {
  const parser = parse({
    bom: true,
    info: true,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
  });
  const source = Readable.from(chunks, { objectMode: false });
  // An error on either side is thrown to whoever reads.
  const records: AsyncIterable<CsvRecord> = pipeline(source, parser, () => {});
  let header: readonly string[] | undefined;
  let lines: Line[] = [];
  for await (const { record, info } of records) {
    if (header === undefined) {
      header = record.map((name) => name.trim());
      continue;
    }
    const bytes = Buffer.from(toJson(header, record));
    lines.push({ number: info.lines, bytes: bytes.length > maxBytes ? undefined : bytes, isEnded: true });
    if (lines.length >= MAX_LINES) {
      yield lines;
      lines = [];
    }
  }
  yield lines;
}

/** What is empty is not there; a field without a column is told by the server, who knows no such name. */
function toJson(header: readonly string[], record: readonly string[]): string {
  const fields = record.flatMap((field, place) => {
    if (field === '') return [];
    const name = header[place] ?? `column ${place + 1}`;
    return [[name, name === 'properties' ? parseJson(field) : unprotect(field)]];
  });
  return JSON.stringify(Object.fromEntries(fields));
}

/** An export puts an apostrophe before what a spreadsheet could take for a formula. */
function unprotect(field: string): string {
  return field.startsWith("'") ? field.slice(1) : field;
}

function parseJson(field: string): unknown {
  try {
    return JSON.parse(field);
  } catch {
    return field;
  }
}
