import { randomBytes } from 'node:crypto';

/** 128 random bits, so that no generation ever comes back: 22 characters. */
export function newGeneration(): string {
  return randomBytes(16).toString('base64url');
}
