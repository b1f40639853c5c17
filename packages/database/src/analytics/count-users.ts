import type { TenantTransaction } from '../with-tenant.ts';
import type { Cell, CellFilter, Grouping } from './grouping.ts';
import type { LooseUsers } from './loose-users.ts';
import { countLoneSets, listMembers, uniteBits } from './stored-sets.ts';
import { splitLonePieces, type UserPieces } from './user-pieces.ts';
import { UserTally } from './user-tally.ts';

/** Where the users of an answer are: the pieces, and who of them is in no set, as `findLooseUsers` found them. */
export type UserSources = { readonly pieces: UserPieces; readonly loose: readonly LooseUsers[] };

/**
 * Exact distinct users per bucket and group. What one set alone knows of, or bits alone, is counted where it is
 * stored; where arrays, the log or raw rows meet other sets, they are united here: SQL would handle their members one
 * by one. Cells without users are absent. The filter must name the types, or devices, that are grouped by.
 */
export async function countUsers(
  transaction: TenantTransaction,
  { pieces, loose }: UserSources,
  filter: CellFilter,
  grouping: Grouping,
): Promise<Cell[]> {
  const choice = { filter, grouping };
  const tally = new UserTally();
  const { lone, rest } = splitLonePieces(pieces, choice, new Set(loose.map(({ bucket }) => bucket)));
  for (const cell of await countLoneSets(transaction, lone, choice)) tally.add(cell);

  for (const place of loose) tally.open(place, null);
  const { settled, shared } = await uniteBits(transaction, rest, { ...choice, loose });
  for (const cell of settled) tally.add(cell);
  for (const { bits, ...place } of shared) tally.open(place, bits);
  const listed = await listMembers(transaction, rest, { ...choice, shared });
  for (const { members, ...place } of [...loose, ...listed]) tally.unite(place, members);
  return tally.toCells();
}
