/** Bytes of a chunk of 8,192 users. */
const CHUNK_BYTES = 1_024;

/** What PostgreSQL's binary forms put before the bits of a string, … */
const BITS_HEADER = 4;
/** … the elements of an array (dimensions, nulls, type, length, lower bound), and each element (its length). */
const ARRAY_HEADER = 20;
const ELEMENT_HEADER = 4;
const ELEMENT_BYTES = ELEMENT_HEADER + 2;

/** How many of a byte's bits are set, by the byte. */
const BITS_OF = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/**
 * The users of one chunk: those of the bits, if any, and of the arrays of smallint, which follow each other; all
 * in PostgreSQL's binary form, which it writes in half the time of text.
 */
export function countShared(bits: Buffer | null, arrays: Buffer): number {
  const bytes = bits === null ? new Uint8Array(CHUNK_BYTES) : Uint8Array.from(bits.subarray(BITS_HEADER));
  let users = 0;
  for (const byte of bytes) users += BITS_OF[byte] ?? 0;
  for (let at = 0; at < arrays.length; ) {
    const end = at + ARRAY_HEADER + arrays.readInt32BE(at + 12) * ELEMENT_BYTES;
    for (at += ARRAY_HEADER + ELEMENT_HEADER; at < end; at += ELEMENT_BYTES) {
      const member = arrays.readUInt16BE(at);
      const mask = 0x80 >> (member & 7);
      const byte = bytes[member >> 3] ?? 0;
      if ((byte & mask) === 0) users += 1;
      bytes[member >> 3] = byte | mask;
    }
    at = end;
  }
  return users;
}
