import { describe, expect, it } from 'vitest'
import { deadLetterTurns } from '../../shared/store/control/dead-letters.ts'
import type { Database } from '../../shared/store/database.ts'
import { countMemories, readMemories } from '../../shared/store/memories/memories.ts'
import { advanceFence, type Fence, fencedTransaction, readFenceToken } from '../../shared/store/memories/org-fences.ts'
import { insertTurn } from '../../shared/store/turns/insert-turn.ts'
import { countTurns, readPendingTurns, settleTurns } from '../../shared/store/turns/turns.ts'
import { lockWorkstream, refreshDigestDue } from '../../shared/store/turns/workstreams.ts'
import { everything, writeFacts } from '../helpers/memory/memories.ts'
import { useDatabase } from '../helpers/services/database.ts'
import { newFence } from '../helpers/services/fence.ts'

const NOON = new Date('2024-05-01T12:00:00Z')
const TIMING = { now: NOON, windowMs: 1, maxWaitMs: 1 }

let database: Database
let orgId: string
useDatabase((opened, id) => {
  database = opened
  orgId = id
})

const write = (fence: Fence, fact: string) =>
  fencedTransaction(database, fence, (transaction) => writeFacts(transaction, [fact]))
const facts = async (of = orgId) => (await readMemories(database, of, everything())).map(({ fact }) => fact).sort()

describe('a fence', () => {
  it('writes until there is a newer one, and never again', async () => {
    const first = await newFence(database, orgId)
    await write(first, 'a')
    await write(first, 'b')
    const second = await newFence(database, orgId)
    expect(second.token).toBeGreaterThan(first.token)
    await expect(write(first, 'late')).rejects.toMatchObject({ code: 'FENCE_LOST', retryable: true })
    await write(second, 'c')
    await expect(write(first, 'late')).rejects.toMatchObject({ code: 'FENCE_LOST' })
    expect(await facts()).toEqual(['a', 'b', 'c'])
  })

  it('is given once, to one of many who read the same token', async () => {
    for (let round = 0; round < 3; round += 1) {
      const token = await readFenceToken(database, orgId)
      const fences = await Promise.all(Array.from({ length: 8 }, () => advanceFence(database, orgId, token)))
      expect(fences.filter((fence) => fence !== undefined)).toHaveLength(1)
    }
    expect(await advanceFence(database, orgId, 0)).toBeUndefined()
  })

  it('whose row is gone writes nothing, also when the org is given another', async () => {
    const fence = await newFence(database, orgId)
    await database.deleteFrom('org_fences').where('org_id', '=', orgId).execute()
    await expect(write(fence, 'late')).rejects.toMatchObject({ code: 'FENCE_LOST' })
    const next = await newFence(database, orgId)
    expect(next.token).not.toBe(fence.token)
    await expect(write(fence, 'late')).rejects.toMatchObject({ code: 'FENCE_LOST' })
    expect(await countMemories(database, new Date(), orgId)).toBe(0)
  })

  it('writes for its own org only', async () => {
    const other = `${orgId}-other`
    const [mine, theirs] = await Promise.all([newFence(database, orgId), newFence(database, other)])
    await Promise.all([write(mine, 'mine'), write(theirs, 'theirs')])
    expect([await facts(), await facts(other)]).toEqual([['mine'], ['theirs']])
    await expect(write({ ...theirs, orgId } as Fence, 'mixed')).rejects.toMatchObject({ code: 'FENCE_LOST' })
  })

  it('is not given amid a write: the write is whole before the next fence begins', async () => {
    const fence = await newFence(database, orgId)
    const events: string[] = []
    let next: Promise<unknown> | undefined
    await fencedTransaction(database, fence, async (transaction) => {
      next = newFence(database, orgId).then(async () => events.push(`next fence sees ${await facts()}`))
      await writeFacts(transaction, ['a'])
      // A question to the store: the other connection has had its turn if it could have one.
      await refreshDigestDue(transaction, { orgId, workstreamId: 'none' }, TIMING)
      events.push('written')
    })
    await next
    expect(events).toEqual(['written', 'next fence sees a'])
  })

  it('leaves nothing of a transaction that fails', async () => {
    const fence = await newFence(database, orgId)
    const failing = fencedTransaction(database, fence, async (transaction) => {
      await writeFacts(transaction, ['a'])
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    await write(fence, 'b')
    expect(await facts()).toEqual(['b'])
  })
})

describe('fenced commits, recordings, dead letters and new fences of one workstream at once', () => {
  it('never wait for each other in a circle', async () => {
    const scope = { orgId, workstreamId: 'w' }
    const record = (n: number) =>
      insertTurn(
        database,
        { ...scope, turnId: `t${n}`, messages: [{ role: 'user', content: 'x' }] },
        Buffer.alloc(32),
        TIMING,
      )
    for (let n = 0; n < 16; n += 1) await record(n)
    const ids = (await readPendingTurns(database, scope, 16)).map(({ id }) => id)
    let fence = await newFence(database, orgId)
    const commit = (turn: number) =>
      fencedTransaction(database, fence, async (transaction) => {
        await lockWorkstream(transaction, scope)
        await settleTurns(transaction, scope, [turn], 'extracted', NOON)
        await writeFacts(transaction, [`of ${turn}`])
        await refreshDigestDue(transaction, scope, TIMING)
      })
    const note = { queue: 'q', code: 'C', reason: 'r', attempts: 1 }
    const outcomes = await Promise.allSettled([
      ...ids.map((id, n) => (n % 2 ? commit(id) : deadLetterTurns(database, scope, [id], note, TIMING))),
      ...ids.map((_, n) => record(100 + n)),
      newFence(database, orgId).then((next) => {
        fence = next
      }),
    ])
    const codes = outcomes.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code?: string }).code] : []))
    expect(codes.filter((code) => code !== 'FENCE_LOST')).toEqual([])
    const counts = await countTurns(database, orgId)
    expect(counts).toMatchObject({ deadLettered: 8, extracted: 8 - codes.length, pending: 16 + codes.length })
    expect(await countMemories(database, new Date(), orgId)).toBe(8 - codes.length)
  })
})
