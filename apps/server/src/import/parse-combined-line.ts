import { cutText, replaceControls, unescapeLogText } from './log-text.ts';
import { parseLogTime } from './log-time.ts';

/** One request of a web server's log; null is the log's `-`, or a field that the line does not have. */
export type LogRequest = {
  readonly client: string | null;
  readonly remoteUser: string | null;
  readonly host: string | null;
  readonly timeMs: number;
  /** The request line as it was received, e.g. `GET / HTTP/1.1`. */
  readonly request: string | null;
  readonly status: number | null;
  readonly bytes: number | null;
  readonly referrer: string | null;
  readonly userAgent: string | null;
  /** The line ends inside a quoted field behind the status: written so, or not yet written to its end. */
  readonly isCut: boolean;
};

export type Broken = { readonly broken: string };

const STATUS_AND_BYTES = / (\d{3}|-) (\d{1,15}|-)(?= |$)/y;
/** Apache's `vhost_combined` starts with the site and its port. An IPv6 client has more than one colon. */
const VIRTUAL_HOST = /^([^:]+):\d{1,5}$/;
/** More than any server accepts in a header by default; past it a value is an attack, and is cut. */
const MAX_FIELD_LENGTH = 4_000;

/**
 * Reads a line of the Common or Combined Log Format, with or without a virtual host in front; further
 * fields behind are passed over. One pass: a hostile line costs no more than its length.
 */
export function parseCombinedLine(text: string, readTime = parseLogTime): LogRequest | Broken {
  const timeStart = text.indexOf(' [');
  const timeEnd = text.indexOf(']', timeStart);
  if (timeStart < 0 || timeEnd < 0) return { broken: 'no [time] in it' };
  const timeMs = readTime(text.slice(timeStart + 2, timeEnd));
  if (timeMs === undefined) return { broken: `no log time: [${cutText(text.slice(timeStart + 2, timeEnd), 40)}]` };
  const head = readHead(text.slice(0, timeStart));
  if (head === undefined) return { broken: 'fewer than three fields before the [time]' };

  const request = readQuoted(text, timeEnd + 1);
  if (request === undefined) return { broken: 'no "request" behind the [time]' };
  STATUS_AND_BYTES.lastIndex = request.end;
  const numbers = STATUS_AND_BYTES.exec(text);
  if (numbers === null) return { broken: 'no status and size behind the "request"' };

  const line = {
    ...head,
    timeMs,
    request: request.value,
    status: toNumber(numbers[1]),
    bytes: toNumber(numbers[2]),
  };
  const referrer = readQuoted(text, STATUS_AND_BYTES.lastIndex) ?? readRest(text, STATUS_AND_BYTES.lastIndex);
  const userAgent = readQuoted(text, referrer.end) ?? readRest(text, referrer.end);
  const isCut = referrer.isCut === true || userAgent.isCut === true;
  return { ...line, referrer: referrer.value, userAgent: userAgent.value, isCut };
}

/** Client, identity (which nobody sends) and user; the user's name may hold spaces. */
function readHead(text: string): Pick<LogRequest, 'client' | 'remoteUser' | 'host'> | undefined {
  const fields = text.split(' ');
  const host = fields.length > 3 ? VIRTUAL_HOST.exec(fields[0] ?? '')?.[1] : undefined;
  if (host !== undefined) fields.shift();
  const [client, identity, ...user] = fields;
  if (!client || !identity || !user[0]) return undefined;
  return { client: toValue(client), remoteUser: toValue(user.join(' ')), host: host ?? null };
}

type Field = { readonly value: string | null; readonly end: number; readonly isCut?: boolean };

/**
 * The field that starts with ` "` at `start`. It ends at a quote that is not escaped and has a space or
 * nothing behind it, since some servers leave quotes inside as they came.
 */
function readQuoted(text: string, start: number): Field | undefined {
  if (!text.startsWith(' "', start)) return undefined;
  for (let end = text.indexOf('"', start + 2); end >= 0; end = text.indexOf('"', end + 1)) {
    const after = text[end + 1];
    if ((after === undefined || after === ' ') && !isEscaped(text, end)) {
      return { value: toValue(text.slice(start + 2, end)), end: end + 1 };
    }
  }
  return undefined;
}

/** A field that the line ends in, or that it has not: the request counts all the same. */
function readRest(text: string, start: number): Field {
  if (!text.startsWith(' "', start)) return { value: null, end: start };
  return { value: toValue(text.slice(start + 2)), end: text.length, isCut: true };
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text[index - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

function toValue(text: string): string | null {
  return text === '-' || text === '' ? null : replaceControls(cutText(unescapeLogText(text), MAX_FIELD_LENGTH));
}

function toNumber(text: string | undefined): number | null {
  return text === undefined || text === '-' ? null : Number(text);
}
