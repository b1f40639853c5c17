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
/** Together within an event's 16 KiB of properties, however much of it JSON must escape in practice. */
const MAX_PATH_LENGTH = 2_000;
const MAX_AGENT_LENGTH = 1_000;

/** Maps a request to an event without an id: the user is the client's address, the device its agent's. */
export function toRequestEvent(line: LogRequest, toDevice: (userAgent: string) => Device): EventInput {
  const { client, remoteUser, status, bytes, timeMs } = line;
  const { method, path, query, host } = toTarget(line.request);
  const userAgent = line.userAgent === null ? null : cutText(line.userAgent, MAX_AGENT_LENGTH);
  return {
    type: toRequestType({ method, path, status }),
    occurredAt: new Date(timeMs).toISOString(),
    ...(client === null ? {} : { userId: client }),
    ...(userAgent === null ? {} : { device: toDevice(userAgent) }),
    properties: withoutNulls({
      method,
      path: path === null ? null : cutText(path, MAX_PATH_LENGTH),
      query: query === null ? null : cutText(query, MAX_PATH_LENGTH),
      request: method === null && line.request !== null ? cutText(line.request, MAX_PATH_LENGTH) : null,
      status,
      bytes,
      host: line.host ?? host,
      referrer: line.referrer === null ? null : cutText(line.referrer, MAX_PATH_LENGTH),
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

function withoutNulls(properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null));
}
