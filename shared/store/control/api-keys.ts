import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** Owns the rows of API keys. Must never hold a secret, only its hash. */

/** A key as people see it. */
export type ApiKeyRow = {
  readonly keyId: string
  readonly orgId: string
  readonly userId: string | null
  readonly name: string
  readonly scopes: readonly string[]
  readonly createdBy: string
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
}

const COLUMNS = [
  'id as keyId',
  'org_id as orgId',
  'user_id as userId',
  'name',
  'scopes',
  'created_by as createdBy',
  'created_at as createdAt',
  'expires_at as expiresAt',
  'revoked_at as revokedAt',
] as const

export async function insertApiKey(
  database: Database,
  key: Omit<ApiKeyRow, 'revokedAt'> & { readonly secretHash: Buffer },
): Promise<void> {
  await database
    .insertInto('api_keys')
    .values({
      id: key.keyId,
      org_id: key.orgId,
      user_id: key.userId,
      name: key.name,
      scopes: JSON.stringify(key.scopes),
      secret_hash: key.secretHash,
      created_by: key.createdBy,
      created_at: key.createdAt,
      expires_at: key.expiresAt,
    })
    .execute()
}

/** A key by its id, with the hash of its secret, whatever its state. */
export function findApiKey(
  database: Database,
  keyId: string,
): Promise<(ApiKeyRow & { readonly secretHash: Buffer }) | undefined> {
  return database
    .selectFrom('api_keys')
    .select([...COLUMNS, 'secret_hash as secretHash'])
    .where('id', '=', keyId)
    .executeTakeFirst()
}

/** A key's place in a list: whatever is added before it, the next page begins after it. */
export type KeyPlace = Pick<ApiKeyRow, 'keyId' | 'createdAt'>

type KeySelection = {
  readonly orgId: string
  readonly userId?: string | undefined
  readonly limit: number
  readonly after?: KeyPlace | undefined
}

/** The keys of an org, newest first; with a `userId` those of one user. */
export function readApiKeys(database: Database, { orgId, userId, limit, after }: KeySelection): Promise<ApiKeyRow[]> {
  return database
    .selectFrom('api_keys')
    .select(COLUMNS)
    .where('org_id', '=', orgId)
    .$if(userId !== undefined, (query) => query.where('user_id', '=', userId as string))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(created_at < ${after?.createdAt} or created_at = ${after?.createdAt} and id > ${after?.keyId})`,
      ),
    )
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Ends a key of an org; false when there is none. One that is revoked already keeps its time. */
export async function revokeApiKey(database: Database, orgId: string, keyId: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await database
    .updateTable('api_keys')
    .set((eb) => ({ revoked_at: eb.fn.coalesce('revoked_at', eb.val(at)) }))
    .where('org_id', '=', orgId)
    .where('id', '=', keyId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
