import { sql, type Transaction } from 'kysely'
import { AfterturnError } from '../../errors.ts'
import type { Database } from '../database.ts'
import type { Schema } from '../schema.ts'
import { asStoreError } from '../store-errors.ts'

/**
 * Owns fences: for each org the one token with which its memories may be written. Guarantees: once a newer token is given, no transaction
 * of an older one commits a write. The order of locks: the fence's row, then the workstream's, then its turns; nothing takes a fence after them.
 */

/** The right to write one org's memories, for as long as nobody has a newer one. Only `advanceFence` makes it. */
export type Fence = { readonly orgId: string; readonly token: number; readonly [MADE_HERE]: true }

/** A transaction that holds its org's fence: what writes memories demands it, and writes for `orgId` only. */
export type FencedTransaction = Transaction<Schema> & {
  readonly orgId: string
  /** How many commits had added memories to the org when the transaction began. */
  readonly memoriesVersion: number
  readonly [MADE_HERE]: true
}

declare const MADE_HERE: unique symbol

/** An org that never had a fence. */
const NO_TOKEN = 0
/** A job whose fence was taken over begins again after this time. */
const RETRY_AFTER_MS = 1_000

/** The present token of an org. */
export async function readFenceToken(database: Database, orgId: string): Promise<number> {
  const row = await database
    .selectFrom('org_fences')
    .select('token')
    .where('org_id', '=', orgId)
    .executeTakeFirst()
    .catch(throwStoreError)
  return row?.token ?? NO_TOKEN
}

/** Gives an org its next token, unless the present one is not `from` any more; then undefined. Waits for a write under the present one. */
export async function advanceFence(database: Database, orgId: string, from: number): Promise<Fence | undefined> {
  const { rows } = await sql<{ token: number }>`
    insert into org_fences (org_id) values (${orgId})
    on conflict (org_id) do update set token = default where org_fences.token = ${from}
    returning token`
    .execute(database)
    .catch(throwStoreError)
  return rows[0] && ({ orgId, token: rows[0].token } as Fence)
}

/**
 * Runs a transaction that may write an org's memories. It holds the fence's row, so that the next fence is given after it, never amid it.
 * @throws FENCE_LOST when somebody has a newer fence; nothing is written then.
 */
export async function fencedTransaction<T>(
  database: Database,
  fence: Fence,
  fn: (transaction: FencedTransaction) => Promise<T>,
): Promise<T> {
  const { orgId, token } = fence
  return database.transaction().execute(async (transaction) => {
    const held = await transaction
      .selectFrom('org_fences')
      .select(['token', 'memories_version'])
      .where('org_id', '=', orgId)
      .forUpdate()
      .executeTakeFirst()
    if (held?.token !== token) {
      const found = held === undefined ? 'none' : held.token
      throw new AfterturnError(
        'FENCE_LOST',
        `Expected the fence ${token} of org ${JSON.stringify(orgId)}, found ${found}.`,
        {
          retryAfterMs: RETRY_AFTER_MS,
        },
      )
    }
    return fn(Object.assign(transaction, { orgId, memoriesVersion: held.memories_version }) as FencedTransaction)
  })
}

function throwStoreError(error: unknown): never {
  throw asStoreError(error)
}
