import { act } from '#lib/server/act.ts';
import { toAnswer } from '#lib/server/answer.ts';
import { apiAbout } from '#lib/server/visitor.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const visitor = await event.parent();
  if (visitor.tenant === null) return { asked: null };
  const tidemark = apiAbout(event, visitor);
  const { signal } = event.request;
  const mayManage = visitor.session.scopes.includes('admin:write');
  const [health, limits] = await Promise.all([
    toAnswer(event, tidemark.admin.health.query(undefined, { signal })),
    mayManage ? toAnswer(event, tidemark.admin.limits.get.query(undefined, { signal })) : null,
  ]);
  return { asked: { health, limits } };
};

export const actions: Actions = {
  clearCache: (event) => act(event, ({ tidemark }) => tidemark.admin.clearCache.mutate({})),
};
