/** Bytes of a chunk of 8,192 users. */
const CHUNK_BYTES = 1_024;

/** What PostgreSQL's binary form puts before a string of bits: its length. */
const BITS_HEADER = 4;

/** The sets of one chunk: bits as `bit_send` writes them, and members of two bytes each, possibly repeated. */
export type SharedChunk = { readonly bits: Buffer | null; readonly members: readonly Buffer[] };

/** The users of one chunk, each counted once. */
export function countShared({ bits, members }: SharedChunk): number {
  const words = new Int32Array(CHUNK_BYTES / 4);
  const bytes = new Uint8Array(words.buffer);
  if (bits !== null) bytes.set(bits.subarray(BITS_HEADER));
  for (const packed of members) {
    for (let at = 0; at < packed.length; at += 2) {
      const member = ((packed[at] ?? 0) << 8) | (packed[at + 1] ?? 0);
      bytes[member >> 3] = (bytes[member >> 3] ?? 0) | (0x80 >> (member & 7));
    }
  }
  return words.reduce((users, word) => users + countBits(word), 0);
}

/** How many bits of a 32-bit word are set: sums of pairs, of fours, of bytes, all at once (Hacker's Delight, 5-1). */
function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
