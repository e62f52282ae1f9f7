import { describe, expect, it } from 'vitest'
import type { Database } from '../../shared/store/database.ts'
import { countMemories, type NewMemory, readMemories } from '../../shared/store/memories/memories.ts'
import { hasNearSince, insertMemories, noteChanged, readKnown } from '../../shared/store/memories/memory-changes.ts'
import { insertVectors } from '../../shared/store/search-index/vectors.ts'
import { insertTurn } from '../../shared/store/turns/insert-turn.ts'
import { readPendingTurns } from '../../shared/store/turns/turns.ts'
import { everything, newMemory, reconcileFacts } from '../helpers/memory/memories.ts'
import { useDatabase } from '../helpers/services/database.ts'
import { writeFenced } from '../helpers/services/fence.ts'

const NOON = new Date('2024-05-01T12:00:00Z')

let database: Database
let orgId: string
useDatabase((opened, org) => {
  database = opened
  orgId = org
})

/** Turns for sources to point to, a minute apart. */
async function turns(count: number, of = orgId): Promise<number[]> {
  const scope = { orgId: of, workstreamId: 'w' }
  for (let n = 0; n < count; n += 1)
    await insertTurn(
      database,
      {
        ...scope,
        turnId: `t${n}`,
        messages: [{ role: 'user', content: 'x' }],
        at: new Date(NOON.getTime() + n * 60_000),
      },
      Buffer.alloc(32),
      { now: NOON, windowMs: 1, maxWaitMs: 1 },
    )
  return (await readPendingTurns(database, scope, count)).map(({ id }) => id)
}

const memory = (fact: string, ...sources: number[]): NewMemory =>
  newMemory(fact, { observedAt: NOON, sources: sources.map((turn) => ({ turn, quote: `quote of ${turn}` })) })
const write = (memories: NewMemory[], of = orgId) =>
  writeFenced(database, of, (transaction) => reconcileFacts(transaction, memories, NOON))
const all = () => readMemories(database, orgId, everything())

describe('the same fact', () => {
  it('from two transactions at once is one memory with both sources', async () => {
    const [a, b] = (await turns(2)) as [number, number]
    for (let round = 0; round < 5; round += 1) {
      const both = await Promise.all([write([memory(`fact ${round}`, a)]), write([memory(`fact ${round}`, b)])])
      expect(both.map(({ added }) => added).sort()).toEqual([0, 1])
    }
    expect((await all()).map(({ sources }) => sources.map(({ turnId }) => turnId))).toEqual(
      Array.from({ length: 5 }, () => ['t0', 't1']),
    )
  })

  it('in many transactions, each in another order, is no deadlock', async () => {
    const ids = await turns(8)
    const facts = Array.from({ length: 12 }, (_, index) => `fact ${index}`)
    const results = await Promise.all(
      ids.map((turn, shift) =>
        write([...facts.slice(shift), ...facts.slice(0, shift)].map((fact) => memory(fact, turn))),
      ),
    )
    expect(results.reduce((sum, { added }) => sum + added, 0)).toBe(facts.length)
    expect(await countMemories(database, new Date(), orgId)).toBe(facts.length)
    for (const { sources } of await all()) expect(sources).toHaveLength(ids.length)
  })

  it('is new again when its first transaction fails', async () => {
    const [a, b] = (await turns(2)) as [number, number]
    let second: Promise<{ added: number }> | undefined
    const first = writeFenced(database, orgId, async (transaction) => {
      await reconcileFacts(transaction, [memory('fact', a)], NOON)
      second = write([memory('fact', b)])
      throw new Error('rolled back')
    })
    await expect(first).rejects.toThrow('rolled back')
    expect(await second).toMatchObject({ added: 1 })
    expect((await all()).map(({ sources }) => sources.map(({ turnId }) => turnId))).toEqual([['t1']])
  })

  it('is joined, and its neighbours in the input are not', async () => {
    const [a, b] = (await turns(2)) as [number, number]
    await write([memory('b', a)])
    expect(await write([memory('c', b), memory('b', b), memory('a', b)])).toMatchObject({ added: 2, duplicates: 1 })
    const sources = new Map((await all()).map(({ fact, sources: of }) => [fact, of.map(({ turnId }) => turnId)]))
    expect(Object.fromEntries(sources)).toEqual({ a: ['t1'], b: ['t0', 't1'], c: ['t1'] })
    expect(await write([])).toMatchObject({ added: 0, duplicates: 0 })
  })
})

it('a fact that comes late takes its place between the versions of its owner', async () => {
  const [turn] = (await turns(1)) as [number]
  const day = (number: number) => new Date(Date.UTC(2026, 0, number))
  const ana = { userId: 'ana', agentId: null, workstreamId: null }
  const lives = (town: string, on: number, owner = memory('').owner) => ({
    ...newMemory(`Maya lives in ${town}.`, { observedAt: day(on), subject: 'Maya', attribute: 'residence', owner }),
    sources: [{ turn, quote: town }],
  })
  for (const fact of [lives('Lisbon', 1), lives('Porto', 9), lives('Rome', 1, ana), lives('Bari', 9, ana)])
    await write([fact])
  await write([lives('Braga', 5), lives('Faro', 7)])
  const rows = await database.selectFrom('memories').selectAll().where('org_id', '=', orgId).orderBy('id').execute()
  const townById = new Map(rows.map(({ id, fact }) => [id, fact.split(' ').at(-1)]))
  expect(
    rows.map(({ id, valid_to, superseded_by }) => [townById.get(id), valid_to, townById.get(superseded_by ?? 0)]),
  ).toEqual([
    ['Lisbon.', day(5), 'Braga.'],
    ['Porto.', null, undefined],
    ['Rome.', day(9), 'Bari.'],
    ['Bari.', null, undefined],
    ['Braga.', day(7), 'Faro.'],
    ['Faro.', day(9), 'Porto.'],
  ])
})

describe('reading', () => {
  it('is newest observation first, in pages, with sources oldest first', async () => {
    const ids = await turns(3)
    const observed = ['2024-01-03', '2024-01-01', '2024-01-02'].map((day) => ({
      ...memory(day, ...[...ids].reverse()),
      observedAt: new Date(day),
    }))
    await write(observed)
    expect((await all()).map(({ fact }) => fact)).toEqual(['2024-01-03', '2024-01-02', '2024-01-01'])
    const [first] = await readMemories(database, orgId, everything(1))
    const [page] = await readMemories(database, orgId, everything(1, first))
    expect(page).toMatchObject({ fact: '2024-01-02', kind: 'fact', observedAt: new Date('2024-01-02') })
    expect(page?.sources).toEqual(
      ids.map((id, n) => ({
        workstreamId: 'w',
        turnId: `t${n}`,
        quote: `quote of ${id}`,
        at: new Date(NOON.getTime() + n * 60_000),
      })),
    )
  })

  it('never shows another org’s, with the same facts in both', async () => {
    const other = `${orgId}-other`
    const [mine] = (await turns(1)) as [number]
    const [theirs] = (await turns(1, other)) as [number]
    await write([memory('shared', mine)])
    expect(await write([memory('shared', theirs), memory('private', theirs)], other)).toMatchObject({ added: 2 })
    const ids = (await readMemories(database, other, everything())).map(({ id }) => id)
    expect(await all()).toHaveLength(1)
    expect(await readMemories(database, orgId, { ids })).toEqual([])
    expect(await readMemories(database, other, { ids })).toHaveLength(2)
    expect(await countMemories(database, new Date(), orgId)).toBe(1)
    expect(await readMemories(database, orgId, { ids: [] })).toEqual([])
  })
})

describe('what was added since a plan was made', () => {
  const model = { provider: 'test', model: 'plane', dims: 2 }
  const version = async () => (await readKnown(database, orgId, { factHashes: [], abouts: [], ids: [] })).version
  const add = (fact: string, vector: readonly number[], about: Partial<NewMemory> = {}) =>
    writeFenced(database, orgId, async (transaction) => {
      const [id] = await insertMemories(transaction, [{ ...newMemory(fact, about), validTo: null }], NOON)
      await insertVectors(transaction, model, [
        { kind: 'memory', item: id as number, vector: Float32Array.from(vector) },
      ])
      return id as number
    })

  it('matters when it is near, also where an old row begins to count, and else not', async () => {
    const fact = { vectors: [Float32Array.of(1, 0)], minCosine: 0.9, audiences: [''] }
    const isNear = async (since: number) => hasNearSince(database, orgId, model, since, fact)
    expect(await version()).toBe(0)
    const old = await add('near, and known', [1, 0])
    const known = await version()
    expect(await isNear(known)).toBe(false)
    await add('far', [0, 1])
    await add('near, of somebody else', [1, 0], { owner: { userId: 'ana', agentId: null, workstreamId: null } })
    expect(await version()).toBeGreaterThan(known)
    expect(await isNear(known)).toBe(false)
    await add('near', [0.99, 0.1])
    expect(await isNear(known)).toBe(true)
    const last = await version()
    expect(await isNear(last)).toBe(false)
    await writeFenced(database, orgId, (transaction) => noteChanged(transaction, [old]))
    expect(await isNear(last)).toBe(true)
  })
})
