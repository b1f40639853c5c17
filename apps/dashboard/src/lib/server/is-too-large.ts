import { isHttpError } from '@sveltejs/kit';

/** How the server's own limit on bodies shows while one is read. */
export function isTooLarge(error: unknown): boolean {
  return isHttpError(error, 413) || (error instanceof Error && 'status' in error && error.status === 413);
}
