import { act } from '#lib/server/act.ts';
import { toAnswer } from '#lib/server/answer.ts';
import { apiFor } from '#lib/server/api.ts';
import { textOf } from '#lib/server/text-of.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => ({
  listed: await toAnswer(event, apiFor(event).admin.tenants.list.query()),
});

export const actions: Actions = {
  create: (event) =>
    act(event, ({ own, fields }) =>
      own.admin.tenants.create.mutate({
        slug: textOf(fields, 'slug'),
        name: textOf(fields, 'name'),
        timeZone: textOf(fields, 'timeZone'),
      }),
    ),
};
