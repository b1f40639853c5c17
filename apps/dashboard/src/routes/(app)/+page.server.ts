import { type TidemarkError, toTidemarkError } from '@tidemark/client';
import type { Summary, SummaryInput } from '@tidemark/schemas';
import { toQuestion } from '#lib/overview/question.ts';
import { parseAsk } from '#lib/overview/view.ts';
import { apiFor } from '#lib/server/api.ts';
import { refuse } from '#lib/server/refuse.ts';
import type { PageServerLoad } from './$types';

type Answered = { question: SummaryInput; summary: Summary; failure: null };
type Refused = { question: SummaryInput; summary: null; failure: TidemarkError };

/** The first answer, so that the page arrives with its numbers; a refusal is the panels' to show. */
export const load: PageServerLoad = async (event) => {
  const { session, tenant } = await event.parent();
  if (tenant === null) return { asked: null };
  const question = toQuestion(parseAsk(event.url.searchParams), tenant.timeZone);
  const tidemark = apiFor(event, session.role === 'platform' ? tenant.id : undefined);
  const asked: Answered | Refused = await tidemark.analytics.summary
    .query(question, { signal: event.request.signal })
    .then((summary) => ({ question, summary, failure: null }))
    .catch((error: unknown) => {
      const failure = toTidemarkError(error);
      if (failure.code === 'unauthenticated') refuse(event, error);
      return { question, summary: null, failure };
    });
  return { asked };
};
