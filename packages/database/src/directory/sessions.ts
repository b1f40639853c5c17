import { type Kysely, sql } from 'kysely';
import { instant } from '../instant.ts';
import type { Tables } from '../tables.ts';
import type { ApiKeyRow } from './api-keys.ts';
import { API_KEY_COLUMNS } from './api-keys.ts';

/** A signed-in session with the key it stands for. */
export type SessionRow = ApiKeyRow & { readonly sessionId: string; readonly sessionExpiresAt: number };

export type NewSession = {
  readonly id: string;
  readonly keyId: string;
  readonly tokenHash: Buffer;
  readonly createdAt: number;
  readonly expiresAt: number;
};

/**
 * Stores a session of a key that still holds, under this secret where it was signed in with one, and ends the oldest
 * that are too many; false where the key does not hold any more. Whoever ends the key meanwhile waits, or is waited for.
 */
export async function insertSessionRow(
  db: Kysely<Tables>,
  session: NewSession,
  { secretHash, maxSessions }: { readonly secretHash: Buffer | undefined; readonly maxSessions: number },
): Promise<boolean> {
  const key = await db
    .selectFrom('api_keys')
    .select('id')
    .where('id', '=', session.keyId)
    .where('revoked_at', 'is', null)
    .$if(secretHash !== undefined, (query) =>
      query.where(({ eb, or }) =>
        or([eb('secret_hash', '=', secretHash as Buffer), eb('previous_hash', '=', secretHash as Buffer)]),
      ),
    )
    .forUpdate()
    .executeTakeFirst();
  if (key === undefined) return false;
  await db
    .deleteFrom('sessions')
    .where('id', 'in', (query) =>
      query
        .selectFrom('sessions')
        .select('id')
        .where('key_id', '=', session.keyId)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .offset(maxSessions - 1),
    )
    .execute();
  await db
    .insertInto('sessions')
    .values({
      id: session.id,
      key_id: session.keyId,
      token_hash: session.tokenHash,
      created_at: new Date(session.createdAt).toISOString(),
      expires_at: new Date(session.expiresAt).toISOString(),
    })
    .execute();
  return true;
}

export async function findSessionRow(db: Kysely<Tables>, tokenHash: Buffer): Promise<SessionRow | undefined> {
  return await db
    .selectFrom('sessions')
    .innerJoin('api_keys', 'api_keys.id', 'sessions.key_id')
    .select(API_KEY_COLUMNS)
    .select(['sessions.id as sessionId', 'sessions.expires_at as sessionExpiresAt'])
    .where('sessions.token_hash', '=', tokenHash)
    .executeTakeFirst();
}

/** A session as it is listed: by whom it was signed in, and until when it holds. */
export type ListedSessionRow = {
  readonly id: string;
  readonly keyId: string;
  readonly keyName: string;
  readonly role: string;
  readonly createdAt: number;
  readonly expiresAt: number;
};

/** The sessions that a tenant's keys began, or those of the platform's (null), newest first. */
export async function listSessionRows(
  db: Kysely<Tables>,
  tenantId: string | null,
  { now, limit }: { readonly now: number; readonly limit: number },
): Promise<ListedSessionRow[]> {
  return await db
    .selectFrom('sessions')
    .innerJoin('api_keys', 'api_keys.id', 'sessions.key_id')
    .select([
      'sessions.id as id',
      'api_keys.id as keyId',
      'api_keys.name as keyName',
      'api_keys.role as role',
      'sessions.created_at as createdAt',
      'sessions.expires_at as expiresAt',
    ])
    .where(ofTenant(tenantId))
    .where('api_keys.revoked_at', 'is', null)
    .where('sessions.expires_at', '>', instant(now))
    .orderBy('sessions.created_at', 'desc')
    .orderBy('sessions.id', 'desc')
    .limit(limit)
    .execute();
}

/** Ends a session of a tenant's, or of the platform's (null); says whether there was one. */
export async function deleteSessionRow(db: Kysely<Tables>, tenantId: string | null, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .using('api_keys')
    .whereRef('api_keys.id', '=', 'sessions.key_id')
    .where(ofTenant(tenantId))
    .where('sessions.id', '=', id)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

/** Ends what a key signed in; says how many there were. */
export async function deleteSessionsOfKey(db: Kysely<Tables>, keyId: string): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('sessions').where('key_id', '=', keyId).executeTakeFirst();
  return Number(numDeletedRows);
}

function ofTenant(tenantId: string | null) {
  return sql<boolean>`api_keys.tenant_id IS NOT DISTINCT FROM ${tenantId}::uuid`;
}

/** Forgets sessions and sign-in codes that expired before `now` (epoch ms). */
export async function pruneSessions(db: Kysely<Tables>, now: number): Promise<void> {
  await db.deleteFrom('sessions').where('expires_at', '<', instant(now)).execute();
  await db.deleteFrom('sign_in_codes').where('expires_at', '<', instant(now)).execute();
}

/** Replaces the sign-in codes of a key by one. */
export async function replaceSignInCode(
  db: Kysely<Tables>,
  code: { readonly codeHash: Buffer; readonly keyId: string; readonly expiresAt: number },
): Promise<void> {
  await db.deleteFrom('sign_in_codes').where('key_id', '=', code.keyId).execute();
  await db
    .insertInto('sign_in_codes')
    .values({ code_hash: code.codeHash, key_id: code.keyId, expires_at: new Date(code.expiresAt).toISOString() })
    .execute();
}

/** The key that a sign-in code stands for, until it is used up or has expired. */
export async function findSignInKey(db: Kysely<Tables>, codeHash: Buffer, now: number): Promise<ApiKeyRow | undefined> {
  return await db
    .selectFrom('api_keys')
    .select(API_KEY_COLUMNS)
    .where('id', 'in', (query) =>
      query
        .selectFrom('sign_in_codes')
        .select('key_id')
        .where('code_hash', '=', codeHash)
        .where('expires_at', '>', instant(now)),
    )
    .executeTakeFirst();
}

/** Uses up a sign-in code; false where somebody else has, or time. Whoever comes second waits for the first to commit. */
export async function takeSignInCode(db: Kysely<Tables>, codeHash: Buffer, now: number): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('sign_in_codes')
    .where('code_hash', '=', codeHash)
    .where('expires_at', '>', instant(now))
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
