import type { Database } from '../database.ts'
import type { WorkstreamKey } from './workstreams.ts'

/** Whether a workstream holds a turn of anybody but this user; turns without a user are somebody else's. */
export async function hasTurnsOfOthers(database: Database, key: WorkstreamKey, userId: string): Promise<boolean> {
  const found = await database
    .selectFrom('turns')
    .select('id')
    .where('org_id', '=', key.orgId)
    .where('workstream_id', '=', key.workstreamId)
    .where((eb) => eb.or([eb('user_id', 'is', null), eb('user_id', '<>', userId)]))
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** Whether a memory of the org belongs to this user. */
export async function isMemoryOfUser(
  database: Database,
  orgId: string,
  memoryId: number,
  userId: string,
): Promise<boolean> {
  const found = await database
    .selectFrom('memories')
    .select('id')
    .where('org_id', '=', orgId)
    .where('id', '=', memoryId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return found !== undefined
}
