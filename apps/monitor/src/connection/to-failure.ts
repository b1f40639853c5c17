import { toTidemarkError } from '@tidemark/client';
import { Failure } from './failure.ts';

/** A failed call in words: what is wrong and what to do about it. */
export function toFailure(error: unknown, url = 'the server'): Failure {
  if (error instanceof Failure) return error;
  const { code, httpStatus, reason, requestId } = toTidemarkError(error);
  if (code === 'unavailable' && httpStatus === 0)
    return new Failure(`No server at ${url}.`, 'Start one with: npm start');
  if (code === 'unauthenticated') return new Failure(`The key was refused: ${reason}`, 'Give another with --key.');
  if (code === 'forbidden') return new Failure(`The key may not: ${reason}`, 'A viewer key is enough.');
  return new Failure(`${code}: ${reason}`, requestId === null ? `At ${url}.` : `Request id: ${requestId}`);
}
