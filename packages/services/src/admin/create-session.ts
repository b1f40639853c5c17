import { findSignInKey, insertSessionRow, takeSignInCode } from '@tidemark/database';
import { type CreatedSession, type CreateSessionInput, toInstant } from '@tidemark/schemas';
import { changeAudited } from '../audit/change-audited.ts';
import { type Actor, isInForce, toActor } from '../auth/actor.ts';
import { hashSecret, isSessionToken, makeSessionToken } from '../auth/secret.ts';
import type { AnonymousContext } from '../context.ts';
import { makeUuidV7 } from '../events/uuid-v7.ts';
import { chargeCall } from '../limits/charge-call.ts';
import { withAttempt } from '../limits/with-attempt.ts';
import { TidemarkError } from '../tidemark-error.ts';
import { withReadFaults } from '../with-read-faults.ts';

/** A dashboard stays signed in for a month at most. */
const SESSION_MS = 30 * 24 * 60 * 60 * 1_000;

/** The oldest of a key's ends where one more begins: a table that grows with every sign-in would have no bound. */
const MAX_SESSIONS_OF_KEY = 100;

/** Signs in with a key, or with a sign-in link's code, which works once. */
export async function createSession(ctx: AnonymousContext, input: CreateSessionInput): Promise<CreatedSession> {
  const { clock } = ctx.resources;
  const now = clock();
  const attempt = () => ('key' in input ? ofKey(ctx, input.key) : ofCode(ctx, input.code, now));
  const isKnown = 'key' in input && ctx.resources.authenticator.knows(input.key);
  const actor = await withReadFaults(() => withAttempt(ctx, { isKnown, attempt }));
  if (actor === undefined) throw unknownCredential(input);
  // The key pays: each session that it begins has a budget of its own.
  await chargeCall({ ...ctx, actor }, 'general');
  const token = makeSessionToken();
  const session = { id: makeUuidV7(now), keyId: actor.keyId, tokenHash: hashSecret(token) };
  // A secret that ends, by itself or after a rotation, takes along what it signed in.
  const expiresAt = Math.min(now + SESSION_MS, actor.endsAt ?? Number.POSITIVE_INFINITY);
  const secretHash = 'key' in input ? hashSecret(input.key) : undefined;
  await changeAudited({ ...ctx, actor }, actor.tenantId, async ({ db }) => {
    // With the session or not at all: a link that signed nobody in works still.
    if ('code' in input && !(await takeSignInCode(db, hashSecret(input.code), now))) throw unknownCredential(input);
    const within = { secretHash, maxSessions: MAX_SESSIONS_OF_KEY };
    if (!(await insertSessionRow(db, { ...session, createdAt: now, expiresAt }, within)))
      throw unknownCredential(input);
    const evidence = { with: 'key' in input ? 'key' : 'link' };
    return { result: session, note: { action: 'sessions.create', target: session.id, evidence } };
  });
  return { token, expiresAt: toInstant(expiresAt) };
}

function unknownCredential(input: CreateSessionInput): TidemarkError {
  return new TidemarkError(
    'unauthenticated',
    'key' in input
      ? 'This key is unknown, expired or revoked: use another one.'
      : 'This sign-in link was used before or has expired: start the server again for a new one, or use a key.',
  );
}

/** A session cannot beget another, or it would never end. */
async function ofKey({ resources }: AnonymousContext, key: string): Promise<Actor | undefined> {
  return isSessionToken(key) ? undefined : await resources.authenticator.authenticate(key);
}

async function ofCode({ resources }: AnonymousContext, code: string, now: number): Promise<Actor | undefined> {
  const { lookUp, database } = resources;
  const key = await lookUp(() => findSignInKey(database.directory, hashSecret(code), now));
  const actor = key && toActor(key);
  return actor && isInForce(actor, now) ? actor : undefined;
}
