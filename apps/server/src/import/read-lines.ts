const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A line without its ending. */
export type Line = {
  readonly number: number;
  /** Undefined: it was longer than allowed and has been passed over. */
  readonly bytes: Buffer | undefined;
  /** False for a last line without a newline, which may not be whole. */
  readonly isEnded: boolean;
};

/**
 * Splits a stream of bytes into lines, as many at once as a chunk completes. Holds one chunk and at most
 * `maxBytes` of an unfinished line, however long that line turns out to be.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Line[], void> {
  let number = 0;
  let pieces: Buffer[] = [];
  let length = 0;

  const finish = (last: Buffer, isEnded: boolean): Line => {
    number += 1;
    const total = length + last.length;
    const whole = pieces.length === 0 ? last : Buffer.concat([...pieces, last]);
    pieces = [];
    length = 0;
    return { number, bytes: total > maxBytes ? undefined : trim(whole, number), isEnded };
  };

  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      lines.push(finish(chunk.subarray(from, end), true));
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    length += rest.length;
    if (length > maxBytes) pieces = [];
    else if (rest.length > 0) pieces.push(rest);
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [finish(Buffer.alloc(0), false)];
}

function trim(bytes: Buffer, number: number): Buffer {
  const from = number === 1 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  return bytes.subarray(from, bytes.at(-1) === RETURN ? -1 : bytes.length);
}
