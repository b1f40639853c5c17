import type { ErrorCode } from '@tidemark/schemas';
import { ERROR_STATUS } from '@tidemark/schemas';

/** A refusal of the closed set: what was wrong and what to do, with the evidence as data. */
export class TidemarkError extends Error {
  override readonly name = 'TidemarkError';
  readonly code: ErrorCode;
  readonly evidence: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, evidence: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.evidence = evidence;
  }

  get httpStatus(): number {
    return ERROR_STATUS[this.code];
  }
}
