import { error } from '@sveltejs/kit';
import { apiFor } from '#lib/server/api.ts';
import { askToSignIn, refuse } from '#lib/server/refuse.ts';
import { readSession } from '#lib/server/session-cookie.ts';
import { TIDEMARK_API } from '$app/env/private';
import type { LayoutServerLoad } from './$types';

/** Who is here, and which tenant the page is about: the one in the URL, or their first. */
export const load: LayoutServerLoad = async (event) => {
  if (readSession(event) === undefined) askToSignIn(event);
  const session = await apiFor(event)
    .admin.sessions.current.query(undefined, { signal: event.request.signal })
    .catch((failure: unknown) => refuse(event, failure));

  const slug = event.url.searchParams.get('tenant');
  const tenant = slug === null ? session.tenants[0] : session.tenants.find((one) => one.slug === slug);
  if (slug !== null && tenant === undefined) error(404, `You are signed in, but not for a tenant named ${slug}.`);

  const { name, role, tenants } = session;
  return { session: { name, role }, tenants, tenant: tenant ?? null, api: TIDEMARK_API };
};
