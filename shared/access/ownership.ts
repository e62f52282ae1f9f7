import { AfterturnError } from '../errors.ts'
import type { Database } from '../store/database.ts'
import { hasTurnsOfOthers, isMemoryOfUser } from '../store/turns/turn-users.ts'
import { readInTime } from '../store/with-store-errors.ts'

/** Owns what belongs to one user, for keys that may act for that user alone. */
export type Ownership = {
  /** @throws FORBIDDEN for a workstream that holds turns of others; one without turns is anybody's */
  requireWorkstream(orgId: string, workstreamId: string, userId: string): Promise<void>
  /** @throws MEMORY_UNKNOWN for a memory that is not the user's */
  requireMemory(orgId: string, memoryId: number, userId: string): Promise<void>
}

export function createOwnership(database: Database): Ownership {
  return {
    async requireWorkstream(orgId, workstreamId, userId) {
      if (!(await readInTime(hasTurnsOfOthers(database, { orgId, workstreamId }, userId)))) return
      throw new AfterturnError(
        'FORBIDDEN',
        `Expected a workstream of the key's own user, got ${JSON.stringify(workstreamId)}.`,
        { recorded: 'no' },
      )
    },
    async requireMemory(orgId, memoryId, userId) {
      if (await readInTime(isMemoryOfUser(database, orgId, memoryId, userId))) return
      throw new AfterturnError('MEMORY_UNKNOWN', `No memory ${memoryId} is known here.`, { recorded: 'no' })
    },
  }
}
