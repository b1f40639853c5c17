import { redirect } from '@sveltejs/kit';
import { sectionsFor } from '#lib/settings/sections.ts';
import type { PageServerLoad } from './$types';

/** The settings have no page of their own: to the first one that the visitor may see. */
export const load: PageServerLoad = async (event) => {
  const { session } = await event.parent();
  redirect(303, `${sectionsFor(session.scopes)[0]?.path ?? '/settings/limits'}${event.url.search}`);
};
