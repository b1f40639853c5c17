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

/** The set as PostgreSQL reads a `bit(8192)`: `x` and hexadecimal digits, position 0 being the first bit. */
export function toBits(members: ArrayLike<number>): string {
  const bytes = Buffer.alloc(CHUNK_BYTES);
  for (let index = 0; index < members.length; index++) {
    const position = members[index] ?? 0;
    bytes[position >> 3] = (bytes[position >> 3] ?? 0) | (0x80 >> (position & 7));
  }
  return `x${bytes.toString('hex')}`;
}
