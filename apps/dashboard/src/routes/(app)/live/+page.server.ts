import { toAnswer } from '#lib/server/answer.ts';
import { apiAbout } from '#lib/server/visitor.ts';
import { parseTailView, toTailQuestions } from '#lib/tail/tail-view.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const visitor = await event.parent();
  if (visitor.tenant === null) return { asked: null };
  const view = parseTailView(event.url.searchParams);
  const questions = toTailQuestions(view);
  const tidemark = apiAbout(event, visitor);
  const { signal } = event.request;
  const [list, summary] = await Promise.all([
    toAnswer(event, tidemark.events.list.query(questions.list, { signal })),
    toAnswer(event, tidemark.analytics.summary.query(questions.summary, { signal })),
  ]);
  return { asked: { questions, speed: view.speed, list, summary } };
};
