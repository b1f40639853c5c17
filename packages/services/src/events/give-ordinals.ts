import type { ExpectedHead, NewEvent } from '@tidemark/database';

/** The users that are new with these events, in their order, and the ordinals of all. */
export function giveOrdinals(
  { nextOrdinal }: Pick<ExpectedHead, 'nextOrdinal'>,
  known: ReadonlyMap<string, number>,
  events: readonly NewEvent[],
): { readonly ordinals: ReadonlyMap<string, number>; readonly added: readonly string[] } {
  const ordinals = new Map(known);
  const added: string[] = [];
  for (const { userId } of events) {
    if (userId === null || ordinals.has(userId)) continue;
    ordinals.set(userId, nextOrdinal + added.length);
    added.push(userId);
  }
  return { ordinals, added };
}
