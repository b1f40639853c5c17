import type { Device, EventInput, JsonObject } from '@tidemark/schemas';
import { cutText } from './log-text.ts';
import type { LogRequest } from './parse-combined-line.ts';

/** What a request becomes; `tidemark import --help` explains them in these words. */
export const REQUEST_TYPES = {
  page_view: 'a page was shown: GET, status 2xx or 304, no file ending or one of a page (.html, .php …)',
  asset: 'the same for any other file (.css, .js, .png …)',
  redirect: 'status 3xx, except 304',
  error: 'status 4xx or 5xx',
  request: 'everything else: POST, HEAD, and what is no HTTP at all',
} as const;
export type RequestType = keyof typeof REQUEST_TYPES;

const PAGE_ENDINGS: ReadonlySet<string> = new Set(['html', 'htm', 'xhtml', 'php', 'asp', 'aspx', 'jsp', 'do', 'cgi']);
const REQUEST_LINE = /^([A-Z][A-Z_-]{1,19}) (.+?)(?: HTTP\/\d(?:\.\d)?)?$/s;
const ABSOLUTE_TARGET = /^https?:\/\/([^/?#]+)(.*)$/is;
/** Together below an event's 16 KiB of properties, even if every character takes three bytes. */
const MAX_LENGTH = {
  method: 20,
  path: 1_000,
  query: 1_000,
  request: 1_000,
  referrer: 1_000,
  userAgent: 500,
  host: 200,
  remoteUser: 200,
};
const TEXTS = Object.keys(MAX_LENGTH) as (keyof typeof MAX_LENGTH)[];

/** Maps a request to an event without an id: the user is the client's address, the device its agent's. */
export function toRequestEvent(line: LogRequest, toDevice: (userAgent: string) => Device): EventInput {
  const { client, timeMs, status, bytes, request, referrer, userAgent, remoteUser } = line;
  const { method, path, query, host } = toTarget(request);
  return {
    type: toRequestType({ method, path, status }),
    occurredAt: new Date(timeMs).toISOString(),
    ...(client === null ? {} : { userId: client }),
    ...(userAgent === null ? {} : { device: toDevice(cutText(userAgent, MAX_LENGTH.userAgent)) }),
    properties: toProperties({
      method,
      path,
      query,
      request: method === null ? request : null,
      status,
      bytes,
      host: line.host ?? host,
      referrer,
      userAgent,
      remoteUser,
    }),
  };
}

type Target = { method: string | null; path: string | null; query: string | null; host: string | null };

function toTarget(request: string | null): Target {
  const match = request === null ? null : REQUEST_LINE.exec(request);
  if (match === null) return { method: null, path: null, query: null, host: null };
  const absolute = ABSOLUTE_TARGET.exec(match[2] ?? '');
  const target = absolute === null ? (match[2] ?? '') : absolute[2] || '/';
  const mark = target.indexOf('?');
  return {
    method: match[1] ?? null,
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? null : target.slice(mark + 1),
    host: absolute?.[1] ?? null,
  };
}

function toRequestType({
  method,
  path,
  status,
}: Pick<Target, 'method' | 'path'> & { status: number | null }): RequestType {
  const family = Math.floor((status ?? 0) / 100);
  if (family === 4 || family === 5) return 'error';
  if (family === 3 && status !== 304) return 'redirect';
  if (method !== 'GET' || path === null || (family !== 2 && status !== 304)) return 'request';
  const ending = /\.([a-z0-9]{1,8})$/i.exec(path)?.[1]?.toLowerCase();
  return ending === undefined || PAGE_ENDINGS.has(ending) ? 'page_view' : 'asset';
}

type Fields = Record<keyof typeof MAX_LENGTH, string | null> & Record<'status' | 'bytes', number | null>;

/** Without what the line does not say, and cut to length. */
function toProperties({ status, bytes, ...texts }: Fields): JsonObject {
  const properties: JsonObject = {};
  for (const name of TEXTS) {
    const text = texts[name];
    if (text !== null) properties[name] = cutText(text, MAX_LENGTH[name]);
  }
  if (status !== null) properties.status = status;
  if (bytes !== null) properties.bytes = bytes;
  return properties;
}
