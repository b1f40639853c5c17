import { act } from '#lib/server/act.ts';
import { textOf } from '#lib/server/text-of.ts';
import type { Actions } from './$types';

export const actions: Actions = {
  update: (event) =>
    act(event, ({ tidemark, fields }) =>
      tidemark.admin.tenants.update.mutate({ name: textOf(fields, 'name'), timeZone: textOf(fields, 'timeZone') }),
    ),
};
