import type { Cluster, Redis } from 'ioredis'
import type { Database } from '../../shared/store/database.ts'

/** Tries whether a service lets itself be written to: a replica, and a user without rights, answer every read. Nothing is left behind. */

/** Deletes a key that nobody has. */
export async function tryWritingRedis(redis: Redis | Cluster, keyPrefix: string): Promise<void> {
  await redis.unlink(`${keyPrefix}:doctor`)
}

/** Writes a row and takes it back. */
export async function tryWritingStore(database: Database): Promise<string> {
  const takenBack = new Error('taken back')
  await database
    .transaction()
    .execute(async (transaction) => {
      const row = { org_id: `doctor-${crypto.randomUUID()}` }
      await transaction.insertInto('org_fences').values(row).execute()
      throw takenBack
    })
    .catch((error) => {
      if (error !== takenBack) throw error
    })
  return 'tried'
}
