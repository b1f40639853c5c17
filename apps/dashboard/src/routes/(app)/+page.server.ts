import type { Tidemark } from '@tidemark/client';
import type { BreakdownInput, SummaryInput } from '@tidemark/schemas';
import { toPropertyPaths } from '#lib/overview/property-paths.ts';
import { toBreakdownQuestion, toOtherQuestion, toQuestion } from '#lib/overview/question.ts';
import { parseAsk } from '#lib/overview/view.ts';
import { toAnswer } from '#lib/server/answer.ts';
import { findWider } from '#lib/server/find-wider.ts';
import { apiAbout } from '#lib/server/visitor.ts';
import type { PageServerLoad } from './$types';

/** Enough recent events to see which properties there are. */
const LOOKED_AT = 30;

/** The first answers, so that the page arrives with its numbers; a refusal is its panel's to show. */
export const load: PageServerLoad = async (event) => {
  const visitor = await event.parent();
  if (visitor.tenant === null) return { asked: null };
  const { timeZone } = visitor.tenant;
  const ask = parseAsk(event.url.searchParams);
  const tidemark = apiAbout(event, visitor);
  const { signal } = event.request;
  const summarize = async (question: SummaryInput) => ({
    question,
    ...(await toAnswer(event, tidemark.analytics.summary.query(question, { signal }))),
  });
  const breakDown = async (question: BreakdownInput) => ({
    question,
    ...(await toAnswer(event, tidemark.analytics.breakdown.query(question, { signal }))),
  });
  const byProperty = async () => {
    const paths = await findPaths(tidemark, signal);
    const path = ask.property ?? paths[0];
    if (path === undefined) return { path, paths, question: undefined, value: null, failure: null };
    return { path, paths, ...(await breakDown(toBreakdownQuestion(ask, `property:${path}`, timeZone))) };
  };
  const [summary, other, users, property] = await Promise.all([
    summarize(toQuestion(ask, timeZone)),
    summarize(toOtherQuestion(ask, timeZone)),
    breakDown(toBreakdownQuestion(ask, 'user', timeZone)),
    byProperty(),
  ]);
  const wider =
    summary.value?.totals.events === 0
      ? await findWider(ask.range, async (range) => {
          const question = toQuestion({ ...ask, range, interval: 'auto', compare: false }, timeZone);
          return (await tidemark.analytics.summary.query(question, { signal })).totals.events > 0;
        })
      : undefined;
  return { asked: { summary, other, users, property, wider } };
};

/** A help for choosing; without it a path can still be in the URL. */
async function findPaths(tidemark: Tidemark, signal: AbortSignal): Promise<string[]> {
  try {
    return toPropertyPaths((await tidemark.events.list.query({ limit: LOOKED_AT }, { signal })).items);
  } catch {
    return [];
  }
}
