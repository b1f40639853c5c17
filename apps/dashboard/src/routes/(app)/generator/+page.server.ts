import { toAnswer } from '#lib/server/answer.ts';
import { apiAbout } from '#lib/server/visitor.ts';
import type { PageServerLoad } from './$types';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The last day: what the form begins with, and what the chart beside it shows. */
export const load: PageServerLoad = async (event) => {
  const visitor = await event.parent();
  const { scopes } = visitor.session;
  const mayGenerate = scopes.includes('events:write') && scopes.includes('analytics:read');
  if (visitor.tenant === null || !mayGenerate) return { mayGenerate, asked: null };
  const to = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS;
  const range = { from: new Date(to - DAY_MS).toISOString(), to: new Date(to).toISOString() };
  const call = apiAbout(event, visitor).analytics.summary.query(
    { ...range, groupBy: 'type' },
    { signal: event.request.signal },
  );
  return { mayGenerate, asked: { range, ...(await toAnswer(event, call)) } };
};
