import type { ExpectedHead } from '@tidemark/database';
import { LRUCache } from 'lru-cache';

/** Tenants whose heads are remembered. */
const MAX_TENANTS = 2_000;
/** However often guesses were wrong, after so many commits in a row that would have been right one is made again. */
const MAX_PROBATION = 64;

type Memory = {
  /** The head as the next commit takes it, if nobody else has taken one since. */
  next: ExpectedHead;
  /** Commits in a row, up to the last, that a guess would have been right for. */
  right: number;
  /** So many of them are asked for before a guess. */
  probation: number;
};

/**
 * Guesses the head that a tenant's next commit will take: as this server's last one left it. The guess is right for as
 * long as no other server commits and nobody sends an event twice, and where it was wrong a commit is done again with
 * care; so after each that was wrong, twice as many have to be right before the next.
 */
export class ExpectedHeads {
  readonly #memories = new LRUCache<string, Memory>({ max: MAX_TENANTS });

  /** The head to expect, or undefined where a guess is not worth it. */
  expect(tenantId: string): ExpectedHead | undefined {
    const memory = this.#memories.get(tenantId);
    return memory !== undefined && memory.right >= memory.probation ? memory.next : undefined;
  }

  /** A commit took `head` and gave so many users an ordinal; `isWhole` where all of its events were new. */
  taken(
    tenantId: string,
    head: ExpectedHead,
    { users, isWhole }: { readonly users: number; readonly isWhole: boolean },
  ) {
    const { right, probation, next } = this.#memories.get(tenantId) ?? { right: 0, probation: 1 };
    const isRight = isWhole && (next === undefined || next.seq === head.seq);
    this.#memories.set(tenantId, {
      next: { ...head, seq: head.seq + 1, nextOrdinal: head.nextOrdinal + users },
      right: isRight ? right + 1 : 0,
      probation: isRight && right >= MAX_PROBATION ? 1 : probation,
    });
  }

  /** A commit that went by the guess came to nothing. */
  missed(tenantId: string): void {
    const memory = this.#memories.get(tenantId);
    if (memory === undefined) return;
    this.#memories.set(tenantId, { ...memory, right: 0, probation: Math.min(memory.probation * 2, MAX_PROBATION) });
  }
}
