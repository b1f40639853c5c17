import type { Kysely } from 'kysely';
import type { Tables } from '../tables.ts';

/** An API key as stored: its secret is known by hash alone. Instants are epoch ms. */
export type ApiKeyRow = {
  readonly id: string;
  readonly tenantId: string | null;
  readonly name: string;
  readonly role: string;
  readonly prefix: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
};

export const API_KEY_COLUMNS = [
  'api_keys.id as id',
  'api_keys.tenant_id as tenantId',
  'api_keys.name as name',
  'api_keys.role as role',
  'api_keys.prefix as prefix',
  'api_keys.created_at as createdAt',
  'api_keys.expires_at as expiresAt',
  'api_keys.revoked_at as revokedAt',
] as const;

export async function findApiKeyRow(db: Kysely<Tables>, secretHash: Buffer): Promise<ApiKeyRow | undefined> {
  return await db
    .selectFrom('api_keys')
    .select(API_KEY_COLUMNS)
    .where('secret_hash', '=', secretHash)
    .executeTakeFirst();
}

export async function listApiKeyRows(db: Kysely<Tables>, tenantId: string): Promise<ApiKeyRow[]> {
  return await db
    .selectFrom('api_keys')
    .select(API_KEY_COLUMNS)
    .where('tenant_id', '=', tenantId)
    .orderBy('created_at')
    .execute();
}

/** Stores a key unless one with this secret is there; says whether it did. */
export async function insertApiKeyRow(
  db: Kysely<Tables>,
  key: Omit<ApiKeyRow, 'revokedAt'>,
  secretHash: Buffer,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('api_keys')
    .values({
      id: key.id,
      tenant_id: key.tenantId,
      name: key.name,
      role: key.role,
      prefix: key.prefix,
      secret_hash: secretHash,
      created_at: new Date(key.createdAt).toISOString(),
      expires_at: key.expiresAt === null ? null : new Date(key.expiresAt).toISOString(),
      revoked_at: null,
    })
    .onConflict((conflict) => conflict.column('secret_hash').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Revokes a tenant's key and returns it; a key revoked before keeps its time. Undefined: no such key. */
export async function revokeApiKeyRow(
  db: Kysely<Tables>,
  tenantId: string,
  id: string,
  revokedAt: number,
): Promise<ApiKeyRow | undefined> {
  return await db
    .updateTable('api_keys')
    .set(({ fn, val, ref }) => ({
      revoked_at: fn.coalesce(ref('revoked_at'), val(new Date(revokedAt).toISOString())) as never,
    }))
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .returning(API_KEY_COLUMNS)
    .executeTakeFirst();
}
