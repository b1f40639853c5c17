import { isAscii, isUtf8 } from 'node:buffer';

/** Bytes as text: UTF-8 where they are, else Latin-1, which reads any byte. */
export function decodeText(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) && !isAscii(bytes) ? 'utf8' : 'latin1');
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', n: '\n', r: '\r', t: '\t', b: '\b', v: '\v' };
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([\\"nrtbv]))/g;

/**
 * Undoes what Apache and nginx escape in a quoted field: `\"`, `\\`, `\n` and single bytes as `\xHH`.
 * Anything else behind a backslash stays as it is.
 */
export function unescapeLogText(text: string): string {
  if (!text.includes('\\')) return text;
  // Escapes name bytes, which only together may make UTF-8: so through bytes and back.
  const pieces: Buffer[] = [];
  let from = 0;
  for (const match of text.matchAll(ESCAPE)) {
    const [whole, hex, letter] = match;
    pieces.push(Buffer.from(text.slice(from, match.index)));
    pieces.push(hex === undefined ? Buffer.from(ESCAPES[letter ?? ''] ?? whole) : Buffer.from(hex, 'hex'));
    from = match.index + whole.length;
  }
  pieces.push(Buffer.from(text.slice(from)));
  return decodeText(Buffer.concat(pieces));
}

/** Control characters mean nothing in a log, and no database keeps a NUL. */
export function replaceControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\uFFFD');
}

/** At most `max` UTF-16 units, never half a surrogate pair. */
export function cutText(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).toWellFormed();
}
