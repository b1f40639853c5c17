import { hash, randomBytes } from 'node:crypto';
import type { Role } from '@tidemark/schemas';

/**
 * 256 bits: too many to guess, so a plain hash is enough to store. Secrets are looked up by their SHA-256 and never
 * compared: what the time of a look-up tells is about the hash of a guess, and nobody can choose guesses by their hashes.
 */
const SECRET_BYTES = 32;
/** Characters of a key that name it in lists and logs. */
const PREFIX_LENGTH = 16;

/** A new API key: `tmk_<role>_<random>`, so that a leaked one is recognised for what it is. */
export function makeKeySecret(role: Role): string {
  return `tmk_${role}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** A new session token. */
export function makeSessionToken(): string {
  return `${SESSION_PREFIX}${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** A new sign-in code. */
export function makeSignInCode(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

const SESSION_PREFIX = 'tms_';

export function isSessionToken(bearer: string): boolean {
  return bearer.startsWith(SESSION_PREFIX);
}

/** What is stored of a secret. */
export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** What may be shown of a key. */
export function toPrefix(secret: string): string {
  return secret.slice(0, PREFIX_LENGTH);
}
