import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../shared/store/database.ts'
import { insertTurn } from '../../shared/store/turns/insert-turn.ts'
import { beginAttempt, returnAttempt } from '../../shared/store/turns/turn-attempts.ts'
import { readPendingTurns, settleTurns } from '../../shared/store/turns/turns.ts'
import { useStore } from '../helpers/services/store.ts'

const store = useStore()
const NOON = new Date('2024-05-01T12:00:00Z')
let database: Database
beforeAll(() => {
  database = openDatabase({ url: store.url, poolSize: 8 })
})
afterAll(() => database.destroy())

const pending = (scope: { orgId: string; workstreamId: string }) => readPendingTurns(database, scope, 100)

async function recorded(orgId: string, contents: readonly string[]) {
  const scope = { orgId, workstreamId: 'w' }
  const timing = { now: NOON, windowMs: 1_000, maxWaitMs: 1_000 }
  for (const [index, content] of contents.entries()) {
    const messages = [
      { role: 'tool', content: 'x'.repeat(1_000) },
      { role: 'user', content },
    ]
    await insertTurn(database, { ...scope, turnId: `t-${index}`, messages }, Buffer.from([index]), timing)
  }
  return { scope, ids: (await pending(scope)).map(({ id }) => id) }
}

describe('the tries of turns', () => {
  it('are counted before they begin, and taken back when they were not the turns’ own', async () => {
    const { scope, ids } = await recorded('counted', ['a', 'b'])
    const [first = 0, second = 0] = ids
    expect(await beginAttempt(database, scope, ids)).toEqual(new Map([[first, 1], [second, 1]])) // biome-ignore format: a pair a turn
    await returnAttempt(database, scope, [second])
    expect((await pending(scope)).map(({ attempts }) => attempts)).toEqual([1, 0])
    await returnAttempt(database, scope, [second])
    expect((await pending(scope)).map(({ attempts }) => attempts)).toEqual([1, 0])
  })

  it('are refused for turns that another run has settled, and for another org', async () => {
    const { scope, ids } = await recorded('settled', ['a', 'b'])
    const refused = { code: 'TURNS_CHANGED' }
    await expect(beginAttempt(database, { ...scope, orgId: 'other' }, ids)).rejects.toMatchObject(refused)
    await settleTurns(database, scope, ids.slice(0, 1), 'extracted', NOON)
    await expect(beginAttempt(database, scope, ids)).rejects.toMatchObject(refused)
    // The one that is left was not tried.
    expect((await pending(scope)).map(({ attempts }) => attempts)).toEqual([0])
  })

  it('of many at once all count', async () => {
    const { scope, ids } = await recorded('at once', ['a', 'b', 'c'])
    await Promise.all(Array.from({ length: 20 }, () => beginAttempt(database, scope, ids)))
    expect((await pending(scope)).map(({ attempts }) => attempts)).toEqual([20, 20, 20])
  })
})

describe('a page of pending turns', () => {
  it('holds the roles that are asked for and, but for the first turn, no more bytes than it may', async () => {
    const { scope } = await recorded('paged', ['é'.repeat(50), 'b'.repeat(100), 'c'.repeat(100), 'd'])
    const contents = async (maxBytes: number) =>
      (await readPendingTurns(database, scope, 100, { roles: ['user'], maxBytes })).map(({ messages }) =>
        messages.map(({ content }) => content.length),
      )
    expect(await contents(1)).toEqual([[50]])
    expect(await contents(200)).toEqual([[50], [100]])
    expect(await contents(301)).toEqual([[50], [100], [100], [1]])
    expect((await readPendingTurns(database, scope, 100, { maxBytes: 2_200 })).map((turn) => turn.messages.length)).toEqual([2, 2]) // biome-ignore format: one line
  })
})
