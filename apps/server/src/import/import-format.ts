import type { EventInput } from '@tidemark/schemas';
import { decodeText } from './log-text.ts';
import { createLogTimeReader } from './log-time.ts';
import type { Broken } from './parse-combined-line.ts';
import { parseCombinedLine } from './parse-combined-line.ts';
import { parseEventLine } from './parse-event-line.ts';
import type { Line } from './read-lines.ts';
import { createDeviceReader } from './to-device.ts';
import { toRequestEvent } from './to-request-event.ts';

export const IMPORT_FORMATS = ['combined', 'ndjson', 'csv'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** Reads one line: an event, whose id may be missing and is then derived, or what is wrong with the line. */
export type LineParser = (
  line: Pick<Line, 'isEnded'> & { readonly bytes: Buffer },
) => { readonly event: EventInput } | Broken;

export function createLineParsers(): Readonly<Record<ImportFormat, LineParser>> {
  const toDevice = createDeviceReader();
  const readTime = createLogTimeReader();
  const parseEvent: LineParser = ({ bytes }) => parseEventLine(decodeText(bytes));
  return {
    combined: ({ bytes, isEnded }) => {
      const line = parseCombinedLine(decodeText(bytes), readTime);
      if ('broken' in line) return line;
      // A log that is being written: half a line would be one request now and, when whole, another.
      if (line.isCut && !isEnded) return { broken: 'the file ends before the line does' };
      return { event: toRequestEvent(line, toDevice) };
    },
    ndjson: parseEvent,
    csv: parseEvent,
  };
}

/** The format that a file's name tells, packed or not. */
export function findFormat(fileName: string): ImportFormat | undefined {
  const name = fileName.toLowerCase().replace(/\.gz$/, '');
  if (/\.(?:ndjson|jsonl)$/.test(name)) return 'ndjson';
  if (name.endsWith('.csv')) return 'csv';
  // Rotated logs carry a number or a date: access.log.3, access.log-20150517.
  if (/\.log(?:[.-][\d-]+)?$/.test(name)) return 'combined';
  return undefined;
}
