import { error, type RequestEvent } from '@sveltejs/kit';
import { isTooLarge } from './is-too-large.ts';

const FORM_TYPES: readonly string[] = ['application/x-www-form-urlencoded', 'multipart/form-data'];

/** What a body that is sent as anything else is answered. */
export const NOT_A_FORM = `The body must be a form: send it as ${FORM_TYPES.join(' or ')}.`;

const UNREADABLE = 'The form cannot be read: its body is broken off, or not what its content-type says.';

/** The fields of a form. A body that is none, or breaks off, is its sender's to mend: refused, and no failure of ours. */
export async function readForm({ request }: Pick<RequestEvent, 'request'>): Promise<FormData> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!FORM_TYPES.includes(type)) error(415, NOT_A_FORM);
  try {
    return await request.formData();
  } catch (failure) {
    if (isTooLarge(failure)) throw failure;
    error(400, UNREADABLE);
  }
}
