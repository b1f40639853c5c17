import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/**
 * Ties a cursor to its question: with another one it would be answered with what looks right. It is no secret, since
 * whoever forges it learns nothing they could not ask for.
 */
export function toCursorSum(whole: { readonly tenantId: string; readonly question: object; readonly pinned: object }) {
  return createHash('sha256').update(canonicalJson(whole)).digest('base64url').slice(0, 22);
}
