import { parseLogView, toLogQuestion } from '#lib/events/log-view.ts';
import { toAnswer } from '#lib/server/answer.ts';
import { findWider } from '#lib/server/find-wider.ts';
import { apiAbout } from '#lib/server/visitor.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const visitor = await event.parent();
  if (visitor.tenant === null) return { asked: null };
  const { timeZone } = visitor.tenant;
  const { events } = apiAbout(event, visitor);
  const { signal } = event.request;
  const view = parseLogView(event.url.searchParams);
  const question = toLogQuestion(view, timeZone);
  const answer = await toAnswer(event, events.list.query(question, { signal }));
  const wider =
    answer.value?.items.length === 0
      ? await findWider(view.range, async (range) => {
          const wide = { ...toLogQuestion({ ...view, range }, timeZone), limit: 1 };
          return (await events.list.query(wide, { signal })).items.length > 0;
        })
      : undefined;
  return { asked: { question, ...answer, wider } };
};
