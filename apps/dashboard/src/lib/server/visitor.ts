import { error, type RequestEvent } from '@sveltejs/kit';
import type { Tidemark } from '@tidemark/client';
import type { CurrentSession, Tenant } from '@tidemark/schemas';
import { apiFor } from './api.ts';
import { KnownSessions } from './known-sessions.ts';
import { askToSignIn, refuse } from './refuse.ts';
import { readSession } from './session-cookie.ts';

export type Visitor = {
  readonly session: CurrentSession;
  /** The tenant the page is about: the one in the URL, or their first; null where there is none yet. */
  readonly tenant: Tenant | null;
};

const knownSessions = new KnownSessions();

type About = { readonly session: Pick<CurrentSession, 'role'> };

/** Who is here; whoever is not signed in is asked to. */
export async function findVisitor(event: RequestEvent): Promise<Visitor> {
  const token = readSession(event) ?? askToSignIn(event);
  const { signal } = event.request;
  const session = await knownSessions
    .find(token, () => apiFor(event).admin.sessions.current.query(undefined, { signal }))
    .catch((failure: unknown) => refuse(event, failure));

  const slug = event.url.searchParams.get('tenant');
  const tenant = slug === null ? session.tenants[0] : session.tenants.find((one) => one.slug === slug);
  if (slug !== null && tenant === undefined) error(404, `You are signed in, but not for a tenant named ${slug}.`);
  return { session, tenant: tenant ?? null };
}

/** The API as a visitor sees it, about the tenant of the page; a platform session names it. */
export function apiAbout(event: RequestEvent, { session, tenant }: Pick<Visitor, 'tenant'> & About): Tidemark {
  return apiFor(event, session.role === 'platform' ? tenant?.id : undefined);
}
