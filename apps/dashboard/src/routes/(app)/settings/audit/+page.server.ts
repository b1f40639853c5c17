import { toAnswer } from '#lib/server/answer.ts';
import { apiFor } from '#lib/server/api.ts';
import { apiAbout } from '#lib/server/visitor.ts';
import type { PageServerLoad } from './$types';

const PAGE = 50;

export const load: PageServerLoad = async (event) => {
  const visitor = await event.parent();
  if (visitor.tenant === null) return { audit: null, of: 'tenant' as const };
  const { searchParams } = event.url;
  // Sign-ins of the platform and runs of the lab are about no tenant.
  const of = visitor.session.role === 'platform' && searchParams.get('of') === 'platform' ? 'platform' : 'tenant';
  const tidemark = of === 'platform' ? apiFor(event) : apiAbout(event, visitor);
  const page = { cursor: searchParams.get('cursor'), limit: PAGE };
  return { audit: await toAnswer(event, tidemark.admin.audit.list.query(page)), of };
};
