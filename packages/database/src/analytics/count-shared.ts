/** Bytes of a chunk of 8,192 users. */
const CHUNK_BYTES = 1_024;

/** What PostgreSQL's binary form puts before a string of bits: its length. */
const BITS_HEADER = 4;

/** How many of a byte's bits are set, by the byte. */
const BITS_OF = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** The sets of one chunk: bits as `bit_send` writes them, and members of two bytes each, possibly repeated. */
export type SharedChunk = { readonly bits: Buffer | null; readonly members: readonly Buffer[] };

/** The users of one chunk, each counted once. */
export function countShared({ bits, members }: SharedChunk): number {
  const bytes = bits === null ? new Uint8Array(CHUNK_BYTES) : Uint8Array.from(bits.subarray(BITS_HEADER));
  let users = 0;
  for (const byte of bytes) users += BITS_OF[byte] ?? 0;
  for (const packed of members) {
    for (let at = 0; at < packed.length; at += 2) {
      const member = ((packed[at] ?? 0) << 8) | (packed[at + 1] ?? 0);
      const mask = 0x80 >> (member & 7);
      const byte = bytes[member >> 3] ?? 0;
      if ((byte & mask) === 0) users += 1;
      bytes[member >> 3] = byte | mask;
    }
  }
  return users;
}
