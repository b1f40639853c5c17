import { type Kysely, sql } from 'kysely';
import { instant, instants } from '../instant.ts';
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
  /** When it was used last, to about a minute. */
  readonly lastUsedAt: number | null;
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
  'api_keys.last_used_at as lastUsedAt',
] as const;

/** A key as found by one of its secrets; `secretEndsAt`: when that secret ends, which was replaced. */
export type FoundApiKeyRow = ApiKeyRow & { readonly secretEndsAt: number | null };

export async function findApiKeyRow(db: Kysely<Tables>, secretHash: Buffer): Promise<FoundApiKeyRow | undefined> {
  return await db
    .selectFrom('api_keys')
    .select(API_KEY_COLUMNS)
    .select(sql<number | null>`CASE WHEN previous_hash = ${secretHash} THEN previous_ends_at END`.as('secretEndsAt'))
    .where(({ eb, or }) => or([eb('secret_hash', '=', secretHash), eb('previous_hash', '=', secretHash)]))
    .executeTakeFirst();
}

/** A tenant's keys, oldest first: of more than `limit` those in force, then those that ended last. */
export async function listApiKeyRows(db: Kysely<Tables>, tenantId: string, limit: number): Promise<ApiKeyRow[]> {
  return await db
    .selectFrom((query) =>
      query
        .selectFrom('api_keys')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        // What is in force has no end, or one that is still ahead.
        .orderBy(sql`least(revoked_at, expires_at)`, (order) => order.desc().nullsFirst())
        .orderBy('id', 'desc')
        .limit(limit)
        .as('api_keys'),
    )
    .select(API_KEY_COLUMNS)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

/** How many keys of a tenant are in force. Until the transaction ends nobody else can count them, so one may be added. */
export async function countKeysInForce(db: Kysely<Tables>, tenantId: string, now: number): Promise<number> {
  await db.selectFrom('tenants').select('id').where('id', '=', tenantId).forNoKeyUpdate().execute();
  const { keys } = await db
    .selectFrom('api_keys')
    .select(sql<number>`count(*)::int`.as('keys'))
    .where('tenant_id', '=', tenantId)
    .where(isInForce(now))
    .executeTakeFirstOrThrow();
  return keys;
}

/** Stores a key unless one with this secret is there; says whether it did. */
export async function insertApiKeyRow(
  db: Kysely<Tables>,
  key: Omit<ApiKeyRow, 'revokedAt' | 'lastUsedAt'>,
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

/** Revokes a tenant's key and returns it. Undefined: there is no such key, or it was revoked before and keeps its time. */
export async function revokeApiKeyRow(
  db: Kysely<Tables>,
  tenantId: string,
  id: string,
  revokedAt: number,
): Promise<ApiKeyRow | undefined> {
  return await db
    .updateTable('api_keys')
    .set({ revoked_at: new Date(revokedAt).toISOString() })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning(API_KEY_COLUMNS)
    .executeTakeFirst();
}

/** Revokes every platform key but the one with this secret; returns those that it ended. */
export async function revokeOtherPlatformKeyRows(
  db: Kysely<Tables>,
  keptHash: Buffer,
  revokedAt: number,
): Promise<ApiKeyRow[]> {
  return await db
    .updateTable('api_keys')
    .set({ revoked_at: new Date(revokedAt).toISOString() })
    .where('tenant_id', 'is', null)
    .where('secret_hash', '!=', keptHash)
    .where('revoked_at', 'is', null)
    .returning(API_KEY_COLUMNS)
    .execute();
}

/** Replaces the secret of a tenant's key that is in force; the one before works until `previousEndsAt`, null: no more. */
export async function rotateApiKeyRow(
  db: Kysely<Tables>,
  {
    tenantId,
    id,
    secretHash,
    prefix,
    now,
    previousEndsAt,
  }: {
    readonly tenantId: string;
    readonly id: string;
    readonly secretHash: Buffer;
    readonly prefix: string;
    readonly now: number;
    readonly previousEndsAt: number | null;
  },
): Promise<ApiKeyRow | undefined> {
  return await db
    .updateTable('api_keys')
    .set(({ ref }) => ({
      secret_hash: secretHash,
      prefix,
      previous_hash: previousEndsAt === null ? null : ref('secret_hash'),
      previous_ends_at: previousEndsAt === null ? null : new Date(previousEndsAt).toISOString(),
    }))
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where(isInForce(now))
    .returning(API_KEY_COLUMNS)
    .executeTakeFirst();
}

function isInForce(now: number) {
  return sql<boolean>`revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${instant(now)})`;
}

export async function findTenantKeyRow(
  db: Kysely<Tables>,
  tenantId: string,
  id: string,
): Promise<ApiKeyRow | undefined> {
  return await db
    .selectFrom('api_keys')
    .select(API_KEY_COLUMNS)
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Notes when keys were used; one whose note is younger than `everyMs` keeps it, so that a busy key costs no writes. */
export async function noteKeyUses(
  db: Kysely<Tables>,
  uses: ReadonlyMap<string, number>,
  everyMs: number,
): Promise<void> {
  const [ids, times] = [[...uses.keys()], [...uses.values()]];
  await sql`
    UPDATE api_keys SET last_used_at = used.at
    FROM unnest(${ids}::uuid[], ${instants(times)}) AS used(id, at)
    WHERE api_keys.id = used.id
      AND (last_used_at IS NULL OR last_used_at <= used.at - ${everyMs} * interval '1 millisecond')`.execute(db);
}
