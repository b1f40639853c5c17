import { type ActionFailure, fail, type RequestEvent } from '@sveltejs/kit';
import { type Tidemark, toTidemarkError } from '@tidemark/client';
import type { Problem } from '../forms/problem.ts';
import { toProblem } from '../forms/to-problem.ts';
import { apiFor } from './api.ts';
import { readForm } from './read-form.ts';
import { refuse } from './refuse.ts';
import { apiAbout, findVisitor } from './visitor.ts';

type Asked = {
  /** The API about the tenant of the page. */
  readonly tidemark: Tidemark;
  /** The API about no tenant in particular: what a platform session does for itself. */
  readonly own: Tidemark;
  readonly fields: FormData;
};

/** One change asked for by a form, as the visitor. */
export async function act<Done>(
  event: RequestEvent,
  change: (asked: Asked) => Promise<Done>,
): Promise<{ done: Done } | ActionFailure<{ problem: Problem }>> {
  const tidemark = apiAbout(event, await findVisitor(event));
  const fields = await readForm(event);
  try {
    return { done: await change({ tidemark, own: apiFor(event), fields }) };
  } catch (error) {
    const failure = toTidemarkError(error);
    if (failure.code === 'unauthenticated') refuse(event, error);
    return fail(failure.httpStatus >= 400 ? failure.httpStatus : 503, { problem: toProblem(failure) });
  }
}
