import { countShared, type SharedChunk } from './count-shared.ts';
import type { Cell } from './grouping.ts';
import type { ChunkPlace } from './stored-sets.ts';

type Chunk = { bits: Buffer | null; readonly members: Buffer[] };
type Counted = { readonly bucket: number; readonly key: number; users: number; readonly chunks: Map<number, Chunk> };

/** Users per bucket and group: numbers that stand, and chunks whose sets are still to be united. */
export class UserTally {
  readonly #cells = new Map<string, Counted>();

  /** Users of chunks that nothing else adds to. */
  add({ bucket, key, value }: Cell): void {
    this.#cellOf(bucket, key).users += value;
  }

  /** Adds sets to a chunk; bits are given once at most. */
  unite({ bucket, key, chunk }: ChunkPlace, { bits, members }: SharedChunk): void {
    const { chunks } = this.#cellOf(bucket, key);
    const known = chunks.get(chunk);
    if (known === undefined) chunks.set(chunk, { bits, members: [...members] });
    else {
      known.bits ??= bits;
      known.members.push(...members);
    }
  }

  toCells(): Cell[] {
    return Array.from(this.#cells.values(), ({ bucket, key, users, chunks }) => {
      const shared = [...chunks.values()].reduce((sum, chunk) => sum + countShared(chunk), 0);
      return { bucket, key, value: users + shared };
    });
  }

  #cellOf(bucket: number, key: number): Counted {
    const name = `${bucket}:${key}`;
    const known = this.#cells.get(name);
    if (known !== undefined) return known;
    const cell = { bucket, key, users: 0, chunks: new Map<number, Chunk>() };
    this.#cells.set(name, cell);
    return cell;
  }
}
