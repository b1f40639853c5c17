import type { TidemarkError } from '@tidemark/client';
import type { ErrorCode } from '@tidemark/schemas';
import type { CustomRange } from './view.ts';

const TITLES: Partial<Record<ErrorCode, string>> = {
  beyond_retention: 'This range reaches behind what is kept',
  forbidden: 'Your key may not see this',
  invalid_input: 'This question cannot be answered',
  overloaded: 'The server is busy',
  range_too_long: 'This range is too long',
  rate_limited: 'Too many questions at once',
  timed_out: 'The answer took too long',
  too_many_buckets: 'Too many buckets for this range',
  unavailable: 'The API does not answer',
};

/** What happened, in a few words; the reason below it is the server's own. */
export function toTitle({ code }: Pick<TidemarkError, 'code'>): string {
  return TITLES[code] ?? 'Something went wrong on the server';
}

/** The nearest range that is answered, where the refusal names one. */
export function toNearest({ evidence: { nearest } }: Pick<TidemarkError, 'evidence'>): CustomRange | undefined {
  if (typeof nearest !== 'object' || nearest === null) return undefined;
  const { from, to } = nearest as { readonly from?: unknown; readonly to?: unknown };
  return typeof from === 'string' && typeof to === 'string' ? { from, to } : undefined;
}

/** Whether asking again later may help: no answer, too much load, or a fault of the server's own. */
export function mayPass({ httpStatus }: Pick<TidemarkError, 'httpStatus'>): boolean {
  return httpStatus === 0 || httpStatus === 429 || httpStatus >= 500;
}
