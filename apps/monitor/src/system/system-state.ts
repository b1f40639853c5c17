import type { Health } from '@tidemark/schemas';
import { CONNECTING, type Link, type LinkAction, reduceLink, toLive } from '../connection/link.ts';

export type SystemState = { readonly link: Link; readonly health: Health | undefined };

export type SystemAction = { readonly type: 'told'; readonly health: Health; readonly at: number } | LinkAction;

export const UNKNOWN_HEALTH: SystemState = { link: CONNECTING, health: undefined };

export function reduceSystem(state: SystemState, action: SystemAction): SystemState {
  if (action.type === 'told') return { link: toLive(action.at), health: action.health };
  return { ...state, link: reduceLink(state.link, action) };
}
