import type { EventInput } from '@tidemark/schemas';
import { decodeText } from './log-text.ts';
import type { Broken } from './parse-combined-line.ts';
import { parseCombinedLine } from './parse-combined-line.ts';
import { parseEventLine } from './parse-event-line.ts';
import { createDeviceReader } from './to-device.ts';
import { toRequestEvent } from './to-request-event.ts';

export const IMPORT_FORMATS = ['combined', 'ndjson'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** Reads one line: an event, whose id may be missing and is then derived, or what is wrong with the line. */
export type LineParser = (bytes: Buffer) => { readonly event: EventInput } | Broken;

export function createLineParsers(): Readonly<Record<ImportFormat, LineParser>> {
  const toDevice = createDeviceReader();
  return {
    combined: (bytes) => {
      const line = parseCombinedLine(decodeText(bytes));
      return 'broken' in line ? line : { event: toRequestEvent(line, toDevice) };
    },
    ndjson: (bytes) => parseEventLine(decodeText(bytes)),
  };
}

/** The format that a file's name tells, packed or not. */
export function findFormat(fileName: string): ImportFormat | undefined {
  const name = fileName.toLowerCase().replace(/\.gz$/, '');
  if (/\.(?:ndjson|jsonl)$/.test(name)) return 'ndjson';
  // Rotated logs carry a number or a date: access.log.3, access.log-20150517.
  if (/\.log(?:[.-][\d-]+)?$/.test(name)) return 'combined';
  return undefined;
}
