import type { TidemarkError } from '@tidemark/client';
import type { Problem } from './problem.ts';

/** The API names the field that is wrong; the form says it there. */
export function toProblem({ reason, evidence, requestId }: TidemarkError): Problem {
  const { issues, field } = evidence;
  if (Array.isArray(issues)) {
    const fields = Object.fromEntries(issues.map(({ path, message }) => [String(path), capitalize(String(message))]));
    return { reason, fields, requestId };
  }
  return { reason, fields: typeof field === 'string' ? { [field]: reason } : {}, requestId };
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
