import type { ErrorData } from '@tidemark/schemas';
import { TidemarkError } from '@tidemark/services';
import type { z } from 'zod';
import { shorten } from './shorten.ts';

/** Enough to mend an input by. */
const MAX_ISSUES = 20;

/** Reads an input that comes by another way than a procedure, and refuses it in the same words. */
export function parseInput<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { reason, evidence } = toInvalidInput(parsed.error);
  throw new TidemarkError('invalid_input', reason, evidence);
}

/** What is wrong with an input, as a refusal says it. */
export function toInvalidInput(error: z.ZodError): Pick<ErrorData, 'code' | 'reason' | 'evidence'> {
  const issues = error.issues
    .slice(0, MAX_ISSUES)
    .map(({ path, message }) => ({ path: shorten(path.join('.')), message: shorten(message) }));
  const reason = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return { code: 'invalid_input', reason, evidence: { issues } };
}
