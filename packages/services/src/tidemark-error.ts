import type { ErrorCode } from '@tidemark/schemas';
import { ERROR_STATUS } from '@tidemark/schemas';

type Evidence = Readonly<Record<string, unknown>>;
/** What passes by itself: whoever asks again later may get an answer, and is told when. */
type PassingCode = 'rate_limited' | 'overloaded' | 'unavailable';

/** A refusal of the closed set: what was wrong and what to do, with the evidence as data. */
export class TidemarkError extends Error {
  override readonly name = 'TidemarkError';
  readonly code: ErrorCode;
  readonly evidence: Evidence;

  constructor(
    code: PassingCode,
    message: string,
    evidence: Evidence & { readonly retryAfterMs: number },
    options?: ErrorOptions,
  );
  constructor(code: Exclude<ErrorCode, PassingCode>, message: string, evidence?: Evidence, options?: ErrorOptions);
  constructor(code: ErrorCode, message: string, evidence: Evidence = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.evidence = evidence;
  }

  get httpStatus(): number {
    return ERROR_STATUS[this.code];
  }
}
