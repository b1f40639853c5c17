import type { RetentionInput } from '@tidemark/schemas';
import { act } from '#lib/server/act.ts';
import { toAnswer } from '#lib/server/answer.ts';
import { textOf } from '#lib/server/text-of.ts';
import { apiAbout } from '#lib/server/visitor.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const visitor = await event.parent();
  if (visitor.tenant === null) return { retention: null };
  return { retention: await toAnswer(event, apiAbout(event, visitor).admin.retention.get.query()) };
};

export const actions: Actions = {
  preview: (event) =>
    act(event, async ({ tidemark, fields }) => {
      const input = toRetention(fields);
      return { input, preview: await tidemark.admin.retention.preview.query(input) };
    }),
  retain: (event) => act(event, ({ tidemark, fields }) => tidemark.admin.retention.set.mutate(toRetention(fields))),
  erase: (event) =>
    act(event, ({ tidemark, fields }) => tidemark.admin.users.erase.mutate({ userId: textOf(fields, 'userId') })),
};

/** An empty field keeps for good; what is no number is the API's to refuse. */
function toRetention(fields: FormData): RetentionInput {
  const [rawDays, rollupDays] = ['rawDays', 'rollupDays'].map((name) => {
    const text = textOf(fields, name);
    return text === '' ? null : Number(text);
  });
  return { rawDays: rawDays ?? null, rollupDays: rollupDays ?? null };
}
