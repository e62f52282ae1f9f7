import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { isAfterturnError } from '../../shared/errors.ts'
import { deadLetterTurns, readDeadLetters } from '../../shared/store/control/dead-letters.ts'
import type { Database } from '../../shared/store/database.ts'
import { insertTurn, type NewTurn } from '../../shared/store/turns/insert-turn.ts'
import {
  countTurns,
  findTurn,
  findTurnsAt,
  readPendingTurns,
  readTurns,
  settleTurns,
} from '../../shared/store/turns/turns.ts'
import {
  lockWorkstream,
  readDigest,
  readDigestDue,
  readLongestDigestWaitMs,
  readOverdueWorkstreams,
  refreshDigestDue,
  type WorkstreamKey,
} from '../../shared/store/turns/workstreams.ts'
import { useDatabase } from '../helpers/services/database.ts'

const WINDOW_MS = 60_000
const MAX_WAIT_MS = 240_000
const NOON = new Date('2024-05-01T12:00:00Z')
const NOTE = { queue: 'memory-digest', code: 'MODEL_REFUSED', reason: 'no key', attempts: 4 }

let database: Database
let scope: { orgId: string; workstreamId: string }
useDatabase((opened, orgId) => {
  database = opened
  scope = { orgId, workstreamId: 'w' }
})

const timing = (now = NOON) => ({ now, windowMs: WINDOW_MS, maxWaitMs: MAX_WAIT_MS })
const later = (ms: number) => new Date(NOON.getTime() + ms)
const turn = (turnId: string, over: Partial<NewTurn> = {}): NewTurn => ({
  ...scope,
  turnId,
  messages: [{ role: 'user', content: `content of ${turnId}` }],
  ...over,
})
const record = (given: NewTurn, now = NOON) =>
  insertTurn(database, given, createHash('sha256').update(JSON.stringify(given.messages)).digest(), timing(now))
const pendingIds = async (of = scope) => (await readPendingTurns(database, of, 1_000)).map(({ id }) => id)
const codeOf = (error: unknown) => (isAfterturnError(error) ? error.code : error)
const settle = (ids: readonly number[], within: (transaction: Database) => Promise<unknown> = async () => {}) =>
  database.transaction().execute(async (transaction) => {
    await lockWorkstream(transaction, scope)
    await within(transaction)
    await settleTurns(transaction, scope, ids, 'extracted', NOON)
    await refreshDigestDue(transaction, scope, timing())
  })

describe('recording', () => {
  it('takes as many messages as the settings allow', async () => {
    const messages = Array.from({ length: 10_000 }, (_, index) => ({ role: 'user', content: `${index}` }))
    await record(turn('long', { messages }))
    const [read] = await readPendingTurns(database, scope, 1)
    expect(read?.messages.map(({ content }) => content)).toEqual(messages.map(({ content }) => content))
  })

  it('the same turn 50 times at once is one row', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => record(turn('t'))))
    expect(answers.filter(({ deduplicated }) => !deduplicated)).toHaveLength(1)
    expect(answers.map(({ digestDueAt }) => digestDueAt)).toEqual(answers.map(() => later(WINDOW_MS)))
    expect(await countTurns(database, scope.orgId)).toMatchObject({ pending: 1, oldestPendingAt: NOON })
    expect((await readPendingTurns(database, scope, 10))[0]).toMatchObject({ seq: 1, turnId: 't', messages: [{}] })
  })

  it('at once numbers turns without gaps, repetitions and conflicts among them', async () => {
    await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => [
        record(turn(`t${index}`)),
        record(turn(`t${index}`)),
        record(turn(`t${index}`, { messages: [{ role: 'user', content: 'other' }] })),
      ]).flat(),
    )
    const turns = await readPendingTurns(database, scope, 100)
    expect(turns.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
    expect(new Set(turns.map(({ turnId }) => turnId)).size).toBe(30)
  })

  it('other content under the same id is a conflict that changes nothing', async () => {
    await record(turn('t'))
    const conflict = record(turn('t', { messages: [{ role: 'user', content: 'other' }] }), later(5_000))
    await expect(conflict).rejects.toMatchObject({ code: 'TURN_CONFLICT', recorded: 'no' })
    expect(await readDigestDue(database, scope)).toEqual(later(WINDOW_MS))
    expect((await readPendingTurns(database, scope, 10)).map(({ messages }) => messages)).toMatchObject([
      [{ content: 'content of t' }],
    ])
    await record(turn('u'))
    expect((await findTurn(database, { ...scope, turnId: 'u' }))?.seq).toBe(2)
  })

  it('a turn again while its extraction commits waits for it, and neither is a deadlock', async () => {
    await record(turn('t'))
    const ids = await pendingIds()
    let repeated: Promise<unknown> | undefined
    await database.transaction().execute(async (transaction) => {
      await lockWorkstream(transaction, scope)
      await settleTurns(transaction, scope, ids, 'extracted', NOON)
      let hasAnswered = false
      repeated = record(turn('t')).finally(() => {
        hasAnswered = true
      })
      // Until it has answered or waits for a lock; a store that is one session lets it wait outside.
      for (let look = 0; look < 100 && !hasAnswered; look += 1) {
        const { rows } = await sql<{
          waits: boolean
        }>`select exists (select from pg_locks where not granted) as waits`.execute(transaction)
        if (rows[0]?.waits) break
      }
      await refreshDigestDue(transaction, scope, timing())
    })
    expect(await repeated).toMatchObject({ deduplicated: true })
    expect(await countTurns(database, scope.orgId)).toMatchObject({ pending: 0, extracted: 1 })
    expect(await readDigestDue(database, scope)).toBeNull()
  })

  it('keeps a workstream a backfill until a live turn comes, and begins again when nothing is pending', async () => {
    const backfill = (turnId: string) => turn(turnId, { priority: 'backfill' })
    const overdue = async () =>
      (await readOverdueWorkstreams(database, { now: later(WINDOW_MS), maxWaitMs: MAX_WAIT_MS }, { limit: 1_000 }))
        .filter(({ orgId }) => orgId === scope.orgId)
        .map(({ isBackfill }) => isBackfill)
    expect(await record(backfill('t'))).toMatchObject({ isBackfill: true })
    expect(await record(backfill('t'))).toMatchObject({ deduplicated: true, isBackfill: true })
    expect(await record(backfill('u'))).toMatchObject({ isBackfill: true })
    expect(await overdue()).toEqual([true])
    expect(await record(turn('v'))).toMatchObject({ isBackfill: false })
    expect(await record(backfill('w'))).toMatchObject({ isBackfill: false })
    expect(await overdue()).toEqual([false])
    await settle(await pendingIds())
    expect(await record(backfill('x'))).toMatchObject({ isBackfill: true })
    await settle(await pendingIds())
    expect(await record(turn('y'))).toMatchObject({ isBackfill: false })
  })

  it('a settled turn again answers that nothing is due', async () => {
    await record(turn('t'))
    await settle(await pendingIds())
    expect(await record(turn('t'), later(1))).toMatchObject({ deduplicated: true, digestDueAt: null })
    expect(await readDigestDue(database, scope)).toBeNull()
  })

  it('text comes back as it was, in order', async () => {
    const messages = [
      { role: 'user', name: 'O\'Brien \\ "q"', content: `{"a": '$1'} -- ; \u2028 😀 e\u0301 \\x00 \r\n\t%s` },
      { role: 'assistant', content: 'x'.repeat(256 * 1_024) },
      { role: 'tool', name: '', content: ' ' },
    ]
    await record(turn('t:😀 %', { messages, at: new Date('1969-07-20T20:17:40.123Z') }))
    const [read] = await readPendingTurns(database, scope, 1)
    expect(read).toMatchObject({ turnId: 't:😀 %', occurredAt: new Date('1969-07-20T20:17:40.123Z') })
    expect(read?.messages.map(({ role, name, content }) => ({ role, name, content }))).toEqual(
      messages.map(({ name = null, ...message }) => ({ ...message, name })),
    )
  })

  it.each(['0001-01-01T00:00:00.000Z', '1582-10-10T00:00:00.000Z', '9999-12-31T23:59:59.999Z'])(
    'keeps the time %s',
    async (at) => {
      await record(turn('t', { at: new Date(at) }))
      expect((await readPendingTurns(database, scope, 1))[0]?.occurredAt.toISOString()).toBe(at)
    },
  )
})

describe('the due time', () => {
  it('is the window after the last turn, and never later than the maximum wait after the first', async () => {
    for (let ms = 0; ms <= 400_000; ms += 25_000) {
      const { digestDueAt } = await record(turn(`t${ms}`), later(ms))
      expect(digestDueAt).toEqual(later(Math.min(ms + WINDOW_MS, MAX_WAIT_MS)))
      expect(await readDigestDue(database, scope)).toEqual(digestDueAt)
    }
  })

  it('starts anew with the turns that a digest left', async () => {
    for (const ms of [0, 10_000, 20_000]) await record(turn(`t${ms}`), later(ms))
    const ids = await pendingIds()
    await settle(ids.slice(0, 2))
    expect(await readDigestDue(database, scope)).toEqual(later(20_000 + WINDOW_MS))
    await record(turn('late'), later(20_000 + MAX_WAIT_MS - 1))
    expect(await readDigestDue(database, scope)).toEqual(later(20_000 + MAX_WAIT_MS))
    await settle(await pendingIds())
    expect(await readDigestDue(database, scope)).toBeNull()
    await record(turn('next'), later(900_000))
    expect(await readDigestDue(database, scope)).toEqual(later(900_000 + WINDOW_MS))
  })

  it('is never lost when turns are recorded while others are settled', async () => {
    const workstreams = Array.from({ length: 4 }, (_, index) => ({ ...scope, workstreamId: `w${index}` }))
    const digest = async (of: typeof scope) => {
      for (let round = 0; round < 6; round += 1) {
        const ids = await pendingIds(of)
        await database.transaction().execute(async (transaction) => {
          await lockWorkstream(transaction, of)
          if (ids.length > 0) await settleTurns(transaction, of, ids, 'extracted', NOON)
          await refreshDigestDue(transaction, of, timing())
        })
      }
    }
    await Promise.all(
      workstreams.flatMap((of, index) => [
        digest(of),
        ...Array.from({ length: 15 }, (_, n) => record({ ...turn(`t${n}`), ...of }, later(index * 1_000 + n))),
      ]),
    )
    const { rows } = await sql<{ workstreamId: string; due: Date | null; first: Date | null; last: Date | null }>`
      select w.workstream_id as "workstreamId", digest_due_at as due, min(recorded_at) as first, max(recorded_at) as last
      from workstreams w left join turns t on t.org_id = w.org_id and t.workstream_id = w.workstream_id and state = 'pending'
      where w.org_id = ${scope.orgId} group by w.org_id, w.workstream_id, digest_due_at`.execute(database)
    expect(rows).toHaveLength(4)
    for (const { due, first, last } of rows) {
      expect(due === null).toBe(last === null)
      // Concurrent turns need not arrive in the order of their clocks: due no later than the latest of them allows.
      if (due && first && last) expect(due.getTime()).toBeLessThanOrEqual(last.getTime() + WINDOW_MS)
    }
    for (const one of workstreams) {
      await database.transaction().execute(async (transaction) => {
        await lockWorkstream(transaction, one)
        const ids = (await readPendingTurns(transaction, one, 100)).map(({ id }) => id)
        if (ids.length > 0) await settleTurns(transaction, one, ids, 'extracted', NOON)
        await refreshDigestDue(transaction, one, timing())
      })
      expect(await readDigestDue(database, one)).toBeNull()
    }
    expect(await countTurns(database, scope.orgId)).toMatchObject({ pending: 0, extracted: 60, oldestPendingAt: null })
  })

  it('finds the overdue, at the very moment too, and those that a clock ahead has put off; page by page', async () => {
    for (const [index, ms] of [30_000, 10_000, 20_000, 40_000].entries())
      await record({ ...turn('t'), workstreamId: `w${index}` }, later(ms))
    await record({ ...turn('t'), workstreamId: 'ahead' }, later(86_400_000))
    const overdue = async (now: Date) => {
      const found: string[] = []
      let page: WorkstreamKey[]
      for (let after: WorkstreamKey | undefined; ; after = page.at(-1)) {
        page = await readOverdueWorkstreams(database, timing(now), { after, limit: 2 })
        found.push(...page.filter(({ orgId }) => orgId === scope.orgId).map(({ workstreamId }) => workstreamId))
        if (page.length < 2) return found
      }
    }
    expect(await overdue(later(30_000 + WINDOW_MS))).toEqual(['ahead', 'w0', 'w1', 'w2'])
    expect(await overdue(later(10_000 + WINDOW_MS - 1))).toEqual(['ahead'])
    expect(await overdue(later(86_400_000 + WINDOW_MS - MAX_WAIT_MS))).toEqual(['w0', 'w1', 'w2', 'w3'])
  })

  it('is measured by the maximum wait of whoever set it, not by a smaller one of who reads it', async () => {
    const app = { now: NOON, windowMs: 2 * MAX_WAIT_MS, maxWaitMs: 3 * MAX_WAIT_MS }
    await insertTurn(database, turn('t'), Buffer.alloc(32), app)
    const dueAt = later(2 * MAX_WAIT_MS)
    expect(await readDigest(database, scope, timing())).toEqual({ dueAt, isDue: false })
    expect(await readDigest(database, scope, timing(dueAt))).toEqual({ dueAt, isDue: true })
    expect(await readLongestDigestWaitMs(database, timing())).toBe(3 * MAX_WAIT_MS)
    const found = await readOverdueWorkstreams(database, timing(), { limit: 1_000 })
    expect(found.filter(({ orgId }) => orgId === scope.orgId)).toEqual([])
  })
})

describe('settling', () => {
  it.each([
    ['the same', [0, 1, 2], [2, 1, 0]],
    ['overlapping', [0, 1], [1, 2]],
  ])('%s turns twice at once: one wins, the other writes nothing', async (_, first, second) => {
    for (let round = 0; round < 5; round += 1) {
      for (let n = 0; n < 3; n += 1) await record(turn(`${round}.${n}`))
      const ids = await pendingIds()
      const pick = (places: number[]) => places.map((place) => ids[place] as number)
      const attempts = [first, second].map((places, index) =>
        settle(pick(places), (transaction) =>
          sql`insert into duties values (${`${scope.orgId}.${round}.${index}`}, now())`.execute(transaction),
        ),
      )
      const results = await Promise.allSettled(attempts)
      const winner = results.findIndex(({ status }) => status === 'fulfilled')
      const failures = results.flatMap((result) => (result.status === 'rejected' ? [codeOf(result.reason)] : []))
      expect(failures).toEqual(['TURNS_CHANGED'])
      const { rows } = await sql<{
        name: string
      }>`select name from duties where name like ${`${scope.orgId}.${round}.%`}`.execute(database)
      expect(rows).toEqual([{ name: `${scope.orgId}.${round}.${winner}` }])
      const left = await pendingIds()
      expect(left).toHaveLength(3 - (winner === 0 ? first : second).length)
      if (left.length > 0) await settle(left)
    }
  })

  it('a turn that is settled already leaves the others pending', async () => {
    for (const id of ['a', 'b']) await record(turn(id))
    const [a, b] = (await pendingIds()) as [number, number]
    await settle([a])
    await expect(settle([a, b])).rejects.toMatchObject({ code: 'TURNS_CHANGED', retryable: true })
    expect(await pendingIds()).toEqual([b])
  })
})

describe('dead letters', () => {
  it('keep the reason, and do not hold up later turns', async () => {
    for (const [index, id] of ['a', 'b', 'c'].entries()) await record(turn(id), later(index * 1_000))
    const [a, b, c] = (await pendingIds()) as [number, number, number]
    await deadLetterTurns(database, scope, [a, b], { ...NOTE, reason: 'r'.repeat(5_000) }, timing(later(9_000)))
    expect(await countTurns(database, scope.orgId)).toMatchObject({ pending: 1, deadLettered: 2 })
    expect(await pendingIds()).toEqual([c])
    expect(await readDigestDue(database, scope)).toEqual(later(2_000 + WINDOW_MS))
    const letters = await readDeadLetters(database, { orgId: scope.orgId, limit: 10 })
    expect(letters.map(({ turnId }) => turnId)).toEqual(['b', 'a'])
    expect(letters[0]).toMatchObject({ ...scope, ...NOTE, reason: 'r'.repeat(2_000), diedAt: later(9_000) })
    expect(await readDeadLetters(database, { orgId: scope.orgId, limit: 1 })).toHaveLength(1)
  })

  it('are one a turn: the second run changes nothing', async () => {
    await record(turn('a'))
    const ids = await pendingIds()
    const twice = await Promise.allSettled(
      ids.concat(ids).map(() => deadLetterTurns(database, scope, ids, NOTE, timing())),
    )
    expect(twice.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await readDeadLetters(database, { orgId: scope.orgId, limit: 10 })).toHaveLength(1)
    await expect(settle(ids)).rejects.toMatchObject({ code: 'TURNS_CHANGED' })
  })

  it('take a reason as long as a provider’s page, emoji at the cut included', async () => {
    await record(turn('a'))
    const reason = `${'x'.repeat(1_999)}😀`
    await deadLetterTurns(database, scope, await pendingIds(), { ...NOTE, reason }, timing())
    const [letter] = await readDeadLetters(database, { orgId: scope.orgId, limit: 1 })
    expect(letter?.reason.isWellFormed()).toBe(true)
    expect(letter?.reason).toMatch(/^x{1999}/)
  })
})

describe('reading', () => {
  it('pending turns are the oldest first, up to one of them and no more than asked', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await record(turn(id))
    await settle((await pendingIds()).slice(1, 2))
    const names = async (options: { uptoSeq?: number }, limit: number) =>
      (await readPendingTurns(database, { ...scope, ...options }, limit)).map(({ turnId }) => turnId)
    expect(await names({}, 10)).toEqual(['a', 'c', 'd'])
    expect(await names({}, 2)).toEqual(['a', 'c'])
    expect(await names({ uptoSeq: 3 }, 10)).toEqual(['a', 'c'])
    expect(await names({ uptoSeq: 0 }, 10)).toEqual([])
  })

  it('sees one org’s rows only, with the same ids in two', async () => {
    const mine = scope
    const theirs = { orgId: `${scope.orgId}-other`, workstreamId: 'w' }
    for (const [of, content] of [
      [mine, 'mine'],
      [theirs, 'theirs'],
    ] as const)
      for (const id of ['a', 'b']) await record({ ...of, turnId: id, messages: [{ role: 'user', content }] })
    const [myIds, theirIds] = [await pendingIds(mine), await pendingIds(theirs)]
    expect(myIds).not.toEqual(theirIds)

    expect((await readTurns(database, mine.orgId, [...theirIds, ...myIds])).map(({ id }) => id)).toEqual(myIds)
    expect((await readPendingTurns(database, mine, 9)).flatMap(({ messages }) => messages)).toMatchObject([
      { content: 'mine' },
      { content: 'mine' },
    ])
    const streams = await database
      .selectFrom('workstreams')
      .select('number')
      .where('org_id', 'in', [mine.orgId, theirs.orgId])
      .execute()
    const places = streams.flatMap(({ number }) => [0, 1, 2, 3].map((position) => ({ sequence: number, position })))
    const found = await findTurnsAt(database, mine.orgId, places)
    expect(found.map(({ id }) => id).sort()).toEqual([...myIds].sort())
    expect(found.map(({ index }) => places[index]?.position).sort()).toEqual([1, 2])

    await deadLetterTurns(database, theirs, theirIds, NOTE, timing())
    expect(await findTurn(database, { ...mine, turnId: 'a' })).toEqual({ seq: 1, state: 'pending' })
    expect(await readDigestDue(database, mine)).not.toBeNull()
    expect(await readDigestDue(database, theirs)).toBeNull()
    expect(await countTurns(database, mine.orgId)).toMatchObject({ pending: 2, deadLettered: 0 })
    expect(await readDeadLetters(database, { orgId: mine.orgId, limit: 9 })).toEqual([])
    expect((await readDeadLetters(database, { limit: 99 })).filter(({ orgId }) => orgId === theirs.orgId)).toHaveLength(
      2,
    )
    expect(await findTurn(database, { ...mine, orgId: 'nobody', turnId: 'a' })).toBeUndefined()
  })

  it('two workstreams whose names only look alike stay apart', async () => {
    const alike = ['w', 'W', 'w ', 'é', 'e\u0301', 'w%', '_']
    for (const workstreamId of alike) await record(turn('t', { workstreamId }))
    for (const workstreamId of alike) expect(await pendingIds({ ...scope, workstreamId })).toHaveLength(1)
    expect((await countTurns(database, scope.orgId)).pending).toBe(alike.length)
  })
})
