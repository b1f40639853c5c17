import { act } from '#lib/server/act.ts';
import { toAnswer } from '#lib/server/answer.ts';
import { apiFor } from '#lib/server/api.ts';
import { textOf } from '#lib/server/text-of.ts';
import { apiAbout } from '#lib/server/visitor.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const visitor = await event.parent();
  if (visitor.tenant === null) return { sessions: null, ofPlatform: null };
  const isPlatform = visitor.session.role === 'platform';
  const [sessions, ofPlatform] = await Promise.all([
    toAnswer(event, apiAbout(event, visitor).admin.sessions.list.query()),
    isPlatform ? toAnswer(event, apiFor(event).admin.sessions.list.query()) : null,
  ]);
  return { sessions, ofPlatform };
};

export const actions: Actions = {
  end: (event) =>
    act(event, ({ tidemark, own, fields }) => {
      const api = textOf(fields, 'of') === 'platform' ? own : tidemark;
      return api.admin.sessions.end.mutate({ id: textOf(fields, 'id') });
    }),
};
