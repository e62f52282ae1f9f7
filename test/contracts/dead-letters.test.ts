import { describe, expect, it } from 'vitest'
import { dropDeadLetter, replayTurn } from '../../shared/store/control/dead-letter-resolution.ts'
import {
  countDeadLetters,
  type DeadJob,
  deadLetterTurns,
  findDeadLetters,
  findUnkeptJobs,
  insertDeadJobs,
  readDeadLetters,
} from '../../shared/store/control/dead-letters.ts'
import { dropOldRecords } from '../../shared/store/control/old-records.ts'
import type { Database } from '../../shared/store/database.ts'
import { completeErasure, requestErasure } from '../../shared/store/erasing/erasures.ts'
import { recordFailedTry } from '../../shared/store/turns/failed-tries.ts'
import { insertTurn } from '../../shared/store/turns/insert-turn.ts'
import { beginAttempt } from '../../shared/store/turns/turn-attempts.ts'
import { findTurn, readPendingTurns } from '../../shared/store/turns/turns.ts'
import { readDigestDue } from '../../shared/store/turns/workstreams.ts'
import { useDatabase } from '../helpers/services/database.ts'

const NOON = new Date('2024-05-01T12:00:00Z')
const TIMING = { now: NOON, windowMs: 60_000, maxWaitMs: 240_000 }
const NOTE = { queue: 'memory-digest', code: 'MODEL_REFUSED', reason: 'no key', attempts: 4 }
const OPS = { by: 'ops', at: NOON }

let database: Database
let scope: { orgId: string; workstreamId: string }
useDatabase((opened, orgId) => {
  database = opened
  scope = { orgId, workstreamId: 'w' }
})

async function record(...turnIds: string[]): Promise<number[]> {
  for (const turnId of turnIds)
    await insertTurn(
      database,
      { ...scope, turnId, messages: [{ role: 'user', content: turnId }] },
      Buffer.from(turnId),
      TIMING,
    )
  return (await readPendingTurns(database, scope, 100)).map((turn) => turn.id)
}

async function die(...turnIds: string[]) {
  const ids = await record(...turnIds)
  await deadLetterTurns(database, scope, ids, NOTE, TIMING)
  return readDeadLetters(database, { orgId: scope.orgId, limit: 10 })
}

const job = (jobId: string, over: Partial<DeadJob> = {}): DeadJob => ({
  queue: 'work',
  jobId,
  orgId: scope.orgId,
  payload: { v: 1, orgId: scope.orgId },
  code: 'UNEXPECTED',
  reason: 'boom',
  attempts: 4,
  diedAt: NOON,
  failedTries: [],
  ...over,
})

describe('the dead letter of a turn', () => {
  it('tells each try that failed, and when', async () => {
    const ids = await record('a')
    await recordFailedTry(database, scope, ids, {
      at: NOON,
      code: 'MODEL_UNAVAILABLE',
      reason: `away \0${'x'.repeat(900)}`,
    })
    await deadLetterTurns(database, scope, ids, NOTE, { ...TIMING, now: new Date('2024-05-01T12:05:00Z') })
    const [{ id } = { id: 0 }] = await readDeadLetters(database, { orgId: scope.orgId, limit: 10 })
    const [letter] = await findDeadLetters(database, [id])
    expect(letter).toMatchObject({ turnId: 'a', workstreamId: 'w', jobId: null, resolution: null, attempts: 4 })
    expect(letter?.failedTries).toEqual([
      { at: '2024-05-01T12:00:00.000Z', code: 'MODEL_UNAVAILABLE', reason: expect.stringMatching(/^away x{490,}$/) },
      { at: '2024-05-01T12:05:00.000Z', code: 'MODEL_REFUSED', reason: 'no key' },
    ])
  })

  it('holds so many tries and no more, however often a turn is tried', async () => {
    const ids = await record('a')
    for (let n = 0; n < 30; n++)
      await recordFailedTry(database, scope, ids, { at: NOON, code: 'UNEXPECTED', reason: `${n}` })
    await deadLetterTurns(database, scope, ids, NOTE, TIMING)
    const [{ id } = { id: 0 }] = await readDeadLetters(database, { orgId: scope.orgId, limit: 10 })
    expect((await findDeadLetters(database, [id]))[0]?.failedTries).toHaveLength(21)
  })

  it('is replayed once: its turn is pending, has all its tries, and its digest is due', async () => {
    const ids = await record('a')
    await beginAttempt(database, scope, ids)
    await deadLetterTurns(database, scope, ids, NOTE, TIMING)
    const [letter] = await findDeadLetters(
      database,
      (await readDeadLetters(database, { orgId: scope.orgId, limit: 1 })).map(({ id }) => id),
    )
    if (!letter) throw new Error('no letter')
    expect(await readDigestDue(database, scope)).toBeNull()
    const replayed = await replayTurn(database, letter, OPS, TIMING)
    expect(replayed.digestDueAt).toEqual(await readDigestDue(database, scope))
    expect(await findTurn(database, { ...scope, turnId: 'a' })).toMatchObject({ state: 'pending' })
    expect(await beginAttempt(database, scope, ids)).toEqual(new Map([[ids[0], 1]]))
    await expect(replayTurn(database, letter, { by: 'other', at: NOON }, TIMING)).rejects.toMatchObject({
      code: 'DEAD_LETTER_SETTLED',
      message: expect.stringContaining('replayed by ops at 2024-05-01T12:00:00.000Z'),
    })
    expect(await readDeadLetters(database, { orgId: scope.orgId, limit: 10 })).toEqual([])
    expect(await readDeadLetters(database, { orgId: scope.orgId, limit: 10, isResolved: true })).toMatchObject([
      { id: letter.id, resolution: 'replayed', resolvedBy: 'ops' },
    ])
  })

  it('replayed by two at once is replayed by one', async () => {
    const [{ id } = { id: 0 }] = await die('a')
    const [letter] = await findDeadLetters(database, [id])
    if (!letter) throw new Error('no letter')
    const outcomes = await Promise.allSettled(
      Array.from({ length: 4 }, () => replayTurn(database, letter, OPS, TIMING)),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('that is dropped is off the list, and its turn stays dead', async () => {
    const [{ id } = { id: 0 }] = await die('a')
    await dropDeadLetter(database, id, OPS)
    expect(await countDeadLetters(database, { orgId: scope.orgId })).toEqual([])
    expect(await findTurn(database, { ...scope, turnId: 'a' })).toMatchObject({ state: 'dead_lettered' })
    await expect(dropDeadLetter(database, id, OPS)).rejects.toMatchObject({ code: 'DEAD_LETTER_SETTLED' })
    await expect(dropDeadLetter(database, 2 ** 40, OPS)).rejects.toMatchObject({ code: 'DEAD_LETTER_UNKNOWN' })
  })
})

describe('the dead letter of a job', () => {
  it('is one, however often its death is told; a job with the same id after it is another', async () => {
    await Promise.all([insertDeadJobs(database, [job('1')]), insertDeadJobs(database, [job('1', { reason: 'other' })])])
    await insertDeadJobs(database, [
      job('1', { diedAt: new Date(NOON.getTime() + 1), payload: { v: 1, orgId: scope.orgId, more: true } }),
      job('2', { orgId: null, payload: null }),
    ])
    const of = async (filter: object) => (await readDeadLetters(database, { ...filter, limit: 10 })).length
    expect(await of({ orgId: scope.orgId })).toBe(2)
    expect(await of({ queue: 'work' })).toBe(3)
    const deaths = [
      { jobId: '1', diedAt: NOON },
      { jobId: '1', diedAt: new Date(NOON.getTime() + 2) },
      { jobId: '3', diedAt: NOON },
    ]
    expect((await findUnkeptJobs(database, 'work', deaths)).sort()).toEqual(['1', '3'])
    expect((await findUnkeptJobs(database, 'other', deaths)).sort()).toEqual(['1', '1', '3'])
  })

  it('is one for each cause while it is open, however many jobs of the same work die of it', async () => {
    const later = (ms: number) => new Date(NOON.getTime() + ms)
    await insertDeadJobs(database, [job('c1'), job('c2')])
    await insertDeadJobs(database, [job('c3', { diedAt: later(1) }), job('c4', { code: 'WORKER_DIED' })])
    const open = () => readDeadLetters(database, { orgId: scope.orgId, limit: 10 })
    expect((await open()).map(({ jobId, code }) => [jobId, code])).toEqual([
      ['c4', 'WORKER_DIED'],
      ['c1', 'UNEXPECTED'],
    ])
    for (const { id } of await open()) await dropDeadLetter(database, id, OPS)
    await insertDeadJobs(database, [job('c5', { diedAt: later(2) })])
    expect((await open()).map(({ jobId }) => jobId)).toEqual(['c5'])
  })

  it('that somebody cancelled is not on the list', async () => {
    await insertDeadJobs(database, [job('9', { code: 'JOB_CANCELLED' })])
    expect(await countDeadLetters(database, { orgId: scope.orgId })).toEqual([])
    expect(await readDeadLetters(database, { orgId: scope.orgId, limit: 10, isResolved: true })).toHaveLength(1)
  })
})

describe('a list', () => {
  it('is filtered by org, queue and code, newest first, page by page', async () => {
    const letters = await die('a', 'b', 'c')
    expect(letters.map(({ turnId }) => turnId)).toEqual(['c', 'b', 'a'])
    const of = async (filter: object) =>
      (await readDeadLetters(database, { orgId: scope.orgId, limit: 10, ...filter })).map(({ turnId }) => turnId)
    expect(await of({ code: 'MODEL_REFUSED', queue: 'memory-digest', limit: 2 })).toEqual(['c', 'b'])
    expect(await of({ beforeId: letters[1]?.id })).toEqual(['a'])
    expect(await of({ code: 'OTHER' })).toEqual([])
    expect(await of({ orgId: 'nobody' })).toEqual([])
    expect(await countDeadLetters(database, { orgId: scope.orgId, code: 'MODEL_REFUSED' })).toEqual([
      { queue: 'memory-digest', code: 'MODEL_REFUSED', count: 3 },
    ])
  })
})

describe('old records', () => {
  const daysOn = (days: number) => new Date(NOON.getTime() + days * 86_400_000)
  const left = async () =>
    (await readDeadLetters(database, { orgId: scope.orgId, limit: 10 })).map(({ jobId, turnId }) => jobId ?? turnId)

  it('that are settled go after a month, and open ones of jobs only with what is kept for a number of days', async () => {
    await insertDeadJobs(
      database,
      ['settled', 'open'].map((jobId) => job(jobId, { orgId: scope.orgId, diedAt: NOON, payload: { jobId } })),
    )
    const [turn] = await die('t')
    const letters = await readDeadLetters(database, { orgId: scope.orgId, limit: 10 })
    await dropDeadLetter(database, letters.find(({ jobId }) => jobId === 'settled')?.id as number, OPS)
    await dropOldRecords(database, daysOn(29), undefined)
    expect(
      await findDeadLetters(
        database,
        letters.map(({ id }) => id),
      ),
    ).toHaveLength(3)
    await dropOldRecords(database, daysOn(31), undefined)
    expect(
      await findDeadLetters(
        database,
        letters.map(({ id }) => id),
      ),
    ).toHaveLength(2)
    await dropOldRecords(database, daysOn(400), 365)
    expect(await left()).toEqual([turn?.turnId])
  })

  it('of retention go after a week, and those of other wishes stay', async () => {
    const request = (olderThan?: Date) =>
      requestErasure(database, { orgId: scope.orgId, ...(olderThan && { olderThan }) }, { by: 'test', at: NOON })
    for (const erasure of [await request(NOON), await request()]) await completeErasure(database, erasure, NOON)
    const kept = async () =>
      (await database.selectFrom('erasures').select('older_than').where('org_id', '=', scope.orgId).execute()).map(
        ({ older_than }) => older_than,
      )
    await dropOldRecords(database, daysOn(6), undefined)
    expect(await kept()).toHaveLength(2)
    await dropOldRecords(database, daysOn(8), undefined)
    expect(await kept()).toEqual([null])
  })
})
