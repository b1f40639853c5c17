import { findApiKeyRow, insertApiKeyRow, replaceSignInCode } from '@tidemark/database';
import { isInForce, toActor } from '../auth/actor.ts';
import { hashSecret, makeSignInCode, toPrefix } from '../auth/secret.ts';
import { makeUuidV7 } from '../events/uuid-v7.ts';
import type { Resources } from '../resources.ts';

const SIGN_IN_CODE_MS = 24 * 60 * 60 * 1_000;

/** Whether a secret is a key's that may be used now. */
export async function isUsableKey({ database, clock }: Resources, secret: string): Promise<boolean> {
  const row = await findApiKeyRow(database.directory, hashSecret(secret));
  const actor = row && toActor(row);
  return actor !== undefined && isInForce(actor, clock());
}

/** Registers a platform key beside those there are; does nothing where it is known. */
export async function ensurePlatformKey({ database, clock }: Resources, secret: string): Promise<void> {
  await insertApiKeyRow(database.directory, makePlatformKey(secret, clock()), hashSecret(secret));
}

/** The row of a platform key that is made now. */
export function makePlatformKey(secret: string, now: number) {
  return {
    id: makeUuidV7(now),
    tenantId: null,
    name: 'platform',
    role: 'platform',
    prefix: toPrefix(secret),
    createdAt: now,
    expiresAt: null,
  };
}

/** A new single-use sign-in code that stands for a key; earlier codes of that key end. */
export async function renewSignInCode({ database, clock }: Resources, secret: string): Promise<string> {
  const row = await findApiKeyRow(database.directory, hashSecret(secret));
  if (row === undefined) throw new Error('the platform key must be registered first');
  const code = makeSignInCode();
  const expiresAt = clock() + SIGN_IN_CODE_MS;
  await replaceSignInCode(database.directory, { codeHash: hashSecret(code), keyId: row.id, expiresAt });
  return code;
}
