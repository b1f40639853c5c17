import { parseLogView, toLogQuestion } from '#lib/events/log-view.ts';
import { toAnswer } from '#lib/server/answer.ts';
import { apiAbout } from '#lib/server/visitor.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const visitor = await event.parent();
  if (visitor.tenant === null) return { asked: null };
  const question = toLogQuestion(parseLogView(event.url.searchParams), visitor.tenant.timeZone);
  const call = apiAbout(event, visitor).events.list.query(question, { signal: event.request.signal });
  return { asked: { question, ...(await toAnswer(event, call)) } };
};
