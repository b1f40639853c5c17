import type { TenantTransaction } from '../with-tenant.ts';
import type { Cell } from './grouping.ts';
import type { LooseUsers } from './loose-users.ts';
import { countLoneSets, uniteSets } from './stored-sets.ts';
import { type SetChoice, splitLonePieces, type UserPieces } from './user-pieces.ts';
import { UserTally } from './user-tally.ts';

/** Where the users of an answer are: the pieces, and who of them is in no set, as `findLooseUsers` found them. */
export type UserSources = { readonly pieces: UserPieces; readonly loose: readonly LooseUsers[] };

/**
 * Exact distinct users per bucket and group. What one set alone knows of, or bits alone, is counted where it is
 * stored; where arrays, the log or raw rows meet other sets, they are united here: SQL would handle their members one
 * by one. Cells without users are absent.
 */
export async function countUsers(
  transaction: TenantTransaction,
  { pieces, loose }: UserSources,
  choice: SetChoice,
): Promise<Cell[]> {
  const tally = new UserTally();
  const { lone, rest } = splitLonePieces(pieces, choice, new Set(loose.map(({ bucket }) => bucket)));
  const [counted, { settled, shared }] = await Promise.all([
    countLoneSets(transaction, lone, choice),
    uniteSets(transaction, rest, { ...choice, loose }),
  ]);
  for (const cell of [...counted, ...settled]) tally.add(cell);
  for (const { bits, members, ...place } of shared) tally.unite(place, { bits, members });
  for (const { members, ...place } of loose) tally.unite(place, { bits: null, members: [members] });
  return tally.toCells();
}
