/** Bytes of a chunk of 8,192 users. */
const CHUNK_BYTES = 1_024;

/** The members of one set or the other, sorted and distinct as both are. */
export function uniteSorted(one: ArrayLike<number>, other: ArrayLike<number>): number[] {
  const united: number[] = [];
  let left = 0;
  let right = 0;
  while (left < one.length || right < other.length) {
    const first = one[left] ?? Infinity;
    const second = other[right] ?? Infinity;
    united.push(Math.min(first, second));
    if (first <= second) left += 1;
    if (second <= first) right += 1;
  }
  return united;
}

/** The set as the bytes of a `bit(8192)`, position 0 being the first bit. */
export function toBits(members: ArrayLike<number>): Buffer {
  const bytes = Buffer.alloc(CHUNK_BYTES);
  for (let index = 0; index < members.length; index++) {
    const position = members[index] ?? 0;
    bytes[position >> 3] = (bytes[position >> 3] ?? 0) | (0x80 >> (position & 7));
  }
  return bytes;
}

/** The members as a set stores them: two bytes each, the higher first. */
export function packMembers(members: ArrayLike<number>): Buffer {
  const bytes = Buffer.allocUnsafe(members.length * 2);
  for (let index = 0; index < members.length; index++) bytes.writeUInt16BE(members[index] ?? 0, index * 2);
  return bytes;
}

export function listMembers(packed: Buffer): Uint16Array {
  return Uint16Array.from({ length: packed.length / 2 }, (_, index) => packed.readUInt16BE(index * 2));
}
