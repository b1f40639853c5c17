import { tenantRoleSchema } from '@tidemark/schemas';
import { act } from '#lib/server/act.ts';
import { toAnswer } from '#lib/server/answer.ts';
import { textOf } from '#lib/server/text-of.ts';
import { apiAbout } from '#lib/server/visitor.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const visitor = await event.parent();
  if (visitor.tenant === null) return { keys: null };
  return { keys: await toAnswer(event, apiAbout(event, visitor).admin.keys.list.query()) };
};

export const actions: Actions = {
  create: (event) =>
    act(event, ({ tidemark, fields }) => {
      const day = textOf(fields, 'expiresAt');
      return tidemark.admin.keys.create.mutate({
        name: textOf(fields, 'name'),
        role: tenantRoleSchema.catch('viewer').parse(textOf(fields, 'role')),
        expiresAt: day === '' ? undefined : `${day}T00:00:00.000Z`,
      });
    }),
  rotate: (event) =>
    act(event, ({ tidemark, fields }) =>
      tidemark.admin.keys.rotate.mutate({ id: textOf(fields, 'id'), graceMs: Number(textOf(fields, 'graceMs')) }),
    ),
  revoke: (event) =>
    act(event, ({ tidemark, fields }) => tidemark.admin.keys.revoke.mutate({ id: textOf(fields, 'id') })),
};
