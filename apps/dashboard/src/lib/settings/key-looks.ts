import type { ApiKey, TenantRole } from '@tidemark/schemas';

/** What each role of a tenant's keys is for. */
export const ROLE_LOOKS: Record<TenantRole, { readonly label: string; readonly about: string }> = {
  ingest: { label: 'Ingest', about: 'Sends events, and reads nothing. For back ends.' },
  viewer: { label: 'Viewer', about: 'Reads numbers, events and health. For people, scripts and the monitor.' },
  admin: { label: 'Admin', about: 'All of that, and these settings. Keep it to few.' },
};

export type KeyState = 'active' | 'expired' | 'revoked';

export function toKeyState({ revokedAt, expiresAt }: ApiKey, now: number): KeyState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : 'active';
}
