import { randomUUID } from 'node:crypto'
import type { Database } from '../database.ts'
import { type Erasure, requestErasure } from '../erasing/erasures.ts'
import type { WorkstreamKey } from './workstreams.ts'

/**
 * Owns how a turn gives its place to another of the same id. Guarantees: from this transaction on the old one is in no conversation and is extracted by
 * nobody; what was derived from it goes by the erasure that is written here, which a sweep finishes if its process dies.
 */

/** Where the replaced turn stood, and the erasure that takes it away. */
type SetAside = { readonly seq: number; readonly erasure: Erasure }

/** Sets a turn aside, if there is one of this id with other content. Its workstream must be locked. */
export async function setAsideTurn(
  transaction: Database,
  { turnId, ...scope }: WorkstreamKey & { readonly turnId: string },
  contentHash: Buffer,
  now: Date,
): Promise<SetAside | undefined> {
  const { orgId, workstreamId } = scope
  const old = await transaction
    .selectFrom('turns')
    .select(['id', 'seq', 'state', 'content_hash', 'settled_at'])
    .where('org_id', '=', orgId)
    .where('workstream_id', '=', workstreamId)
    .where('turn_id', '=', turnId)
    .forUpdate()
    .executeTakeFirst()
  if (!old || old.content_hash.equals(contentHash)) return undefined
  // Nobody can name it, and no conversation reaches before its beginning.
  const asideId = `replaced:${randomUUID()}`
  await transaction
    .updateTable('turns')
    .set({
      turn_id: asideId,
      seq: -old.id,
      ...(old.state === 'pending' && { state: 'extracted' as const, settled_at: now }),
    })
    .where('id', '=', old.id)
    .where('org_id', '=', orgId)
    .execute()
  const erasure = await requestErasure(
    transaction,
    { orgId, workstreamId, turnId: asideId },
    { by: 'replace', at: now },
  )
  return { seq: old.seq, erasure }
}
