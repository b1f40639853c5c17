import type { LimitsInput } from '@tidemark/schemas';
import { act } from '#lib/server/act.ts';
import { toAnswer } from '#lib/server/answer.ts';
import { textOf } from '#lib/server/text-of.ts';
import { apiAbout } from '#lib/server/visitor.ts';
import { LIMIT_CLASS_NAMES } from '#lib/system/limit-looks.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const visitor = await event.parent();
  if (visitor.tenant === null) return { limits: null };
  return { limits: await toAnswer(event, apiAbout(event, visitor).admin.limits.get.query()) };
};

export const actions: Actions = {
  set: (event) =>
    act(event, ({ tidemark, fields }) => {
      const budgets = LIMIT_CLASS_NAMES.map((name) => {
        const text = textOf(fields, name);
        return [name, text === '' ? null : Number(text)];
      });
      return tidemark.admin.limits.set.mutate(Object.fromEntries(budgets) as LimitsInput);
    }),
};
