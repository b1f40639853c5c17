import type { Failure } from './failure.ts';

/**
 * The connection as the eye sees it:
 *
 *     connecting ──answer──▶ live ◀──answer── reconnecting
 *          └───────drop───────┴──────drop──────────▲
 *     any ──a refusal that will not pass──▶ refused
 */
export type Link =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'live'; readonly heardAt: number }
  | { readonly phase: 'reconnecting'; readonly why: Failure; readonly heardAt: number | undefined }
  | { readonly phase: 'refused'; readonly why: Failure };

/** What a stream tells of its connection. */
export type LinkAction =
  | { readonly type: 'dropped'; readonly why: Failure }
  | { readonly type: 'refused'; readonly why: Failure };

export const CONNECTING: Link = { phase: 'connecting' };

export function toLive(at: number): Link {
  return { phase: 'live', heardAt: at };
}

export function reduceLink(link: Link, { type, why }: LinkAction): Link {
  if (type === 'refused') return { phase: 'refused', why };
  const heardAt = link.phase === 'live' || link.phase === 'reconnecting' ? link.heardAt : undefined;
  return { phase: 'reconnecting', why, heardAt };
}
