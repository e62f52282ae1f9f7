import type { Database } from '../../../shared/store/database.ts'
import {
  advanceFence,
  type Fence,
  type FencedTransaction,
  fencedTransaction,
  readFenceToken,
} from '../../../shared/store/memories/org-fences.ts'

/** By the database of a file: the modules of helpers outlive it. */
const fencesOf = new WeakMap<Database, Map<string, Promise<Fence>>>()

/** Writes memories in one transaction, with a fence that all writers of the org in this file share: for tests of the store, without the lock. */
export async function writeFenced<T>(
  database: Database,
  orgId: string,
  write: (transaction: FencedTransaction) => Promise<T>,
): Promise<T> {
  const fences = fencesOf.get(database) ?? new Map<string, Promise<Fence>>()
  fencesOf.set(database, fences)
  const fence = fences.get(orgId) ?? newFence(database, orgId)
  fences.set(orgId, fence)
  return fencedTransaction(database, await fence, write)
}

/** The next fence of an org, as the lock takes it. */
export async function newFence(database: Database, orgId: string): Promise<Fence> {
  return (await advanceFence(database, orgId, await readFenceToken(database, orgId))) as Fence
}
