import { describe, expect, it, vi } from 'vitest'
import { randomVector, seededRandom } from '../../bench/inputs/random-vectors.ts'
import { ORG_AUDIENCE } from '../../shared/store/audiences.ts'
import type { Database } from '../../shared/store/database.ts'
import { removeTerms, removeVectors } from '../../shared/store/erasing/remove-items.ts'
import type { ItemKind } from '../../shared/store/schema.ts'
import { createHeldCodes } from '../../shared/store/search-index/held-codes.ts'
import { PAGE_OCCURRENCES } from '../../shared/store/search-index/posting-pages.ts'
import { indexTerms, readTermIndex } from '../../shared/store/search-index/postings.ts'
import {
  countLackingVectors,
  insertVectors,
  nearestItems,
  readItemsLackingVectors,
  readOrgsLackingVectors,
} from '../../shared/store/search-index/vectors.ts'
import { useDatabase } from '../helpers/services/database.ts'
import { writeFenced } from '../helpers/services/fence.ts'

const OLD = { provider: 'p', model: 'old', dims: 3 }
const NEW = { provider: 'p', model: 'new', dims: 3 }
const WIDE = { provider: 'p', model: 'old', dims: 4 }

let database: Database
let orgId: string
useDatabase((opened, org) => {
  database = opened
  orgId = org
})

const HELD_BYTES = 1_000_000
const codes = createHeldCodes(HELD_BYTES)
const spaceOf = (model = OLD, of = orgId, kind: ItemKind = 'memory', audiences = [ORG_AUDIENCE]) => ({
  orgId: of,
  kind,
  model,
  audiences,
})
const vector = (...values: number[]) => Float32Array.from(values)
/** Unit vectors at a growing angle to (1, 0, 0). */
const at = (item: number) => ({
  kind: 'memory' as const,
  item,
  vector: vector(Math.cos(item / 10), Math.sin(item / 10), 0),
})
const put = (items: readonly number[], model = OLD, of = orgId) =>
  writeFenced(database, of, (transaction) => insertVectors(transaction, model, items.map(at)))
const index = (items: readonly number[], of = orgId) =>
  writeFenced(database, of, (transaction) =>
    indexTerms(
      transaction,
      items.map((item) => ({ kind: 'memory', item, terms: ['a', 'b', 'a'] })),
    ),
  )
const spaces = async (of = orgId) =>
  (
    await database
      .selectFrom('vector_spaces')
      .select(['model', 'dims', 'items'])
      .where('org_id', '=', of)
      .orderBy('model')
      .orderBy('dims')
      .execute()
  ).map(({ model, dims, items }) => [model, dims, items])

describe('vectors', () => {
  it('are counted once, however often and at how many places at once they are written', async () => {
    await put([1, 2])
    await put([2, 3])
    await put([1, 2, 3])
    await put([])
    expect(await spaces()).toEqual([['p/old', 3, 3]])
    const items = Array.from({ length: 20 }, (_, item) => item)
    await Promise.all(Array.from({ length: 6 }, () => put(items, NEW)))
    expect(await spaces()).toEqual([
      ['p/new', 3, 20],
      ['p/old', 3, 3],
    ])
  })

  it('are not counted when their transaction fails', async () => {
    const failing = writeFenced(database, orgId, async (transaction) => {
      await insertVectors(transaction, OLD, [at(1)])
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    expect(await spaces()).toEqual([])
  })

  it('that are there stay', async () => {
    await put([1])
    await writeFenced(database, orgId, (transaction) =>
      insertVectors(transaction, OLD, [{ kind: 'memory', item: 1, vector: vector(0, 0, 1) }]),
    )
    const [nearest] = await nearestItems(database, codes, spaceOf(), at(1).vector, 1)
    expect(nearest?.cosine).toBeCloseTo(1, 5)
  })

  it('keep single precision', async () => {
    const exact = vector(1e-30, 3.4e37, -1.1754944e-38)
    await writeFenced(database, orgId, (transaction) =>
      insertVectors(transaction, OLD, [{ kind: 'memory', item: 1, vector: exact }]),
    )
    const row = await database
      .selectFrom('vectors')
      .select('embedding')
      .where('org_id', '=', orgId)
      .executeTakeFirstOrThrow()
    expect(Float32Array.from(JSON.parse(row.embedding))).toEqual(exact)
  })
})

describe('the nearest', () => {
  it('come in the order of their angle, with their cosines, and no more than asked', async () => {
    await put([5, 1, 9, 3, 7])
    const nearest = await nearestItems(database, codes, spaceOf(), vector(2, 0, 0), 3)
    expect(nearest.map(({ item }) => item)).toEqual([1, 3, 5])
    for (const { item, cosine } of nearest) expect(cosine).toBeCloseTo(Math.cos(item / 10), 5)
  })

  it('are of this model, these dimensions, this kind and this org', async () => {
    const other = `${orgId}-other`
    await put([1])
    await put([2], NEW)
    await put([3], OLD, other)
    await writeFenced(database, orgId, async (transaction) => {
      await insertVectors(transaction, WIDE, [{ kind: 'memory', item: 4, vector: vector(1, 0, 0, 0) }])
      await insertVectors(transaction, OLD, [{ kind: 'turn', item: 5, vector: vector(1, 0, 0) }])
    })
    const items = async (model: typeof OLD, query: Float32Array, of = orgId) =>
      (await nearestItems(database, codes, spaceOf(model, of), query, 9)).map(({ item }) => item)
    expect(await items(OLD, vector(1, 0, 0))).toEqual([1])
    expect(await items(NEW, vector(1, 0, 0))).toEqual([2])
    expect(await items(WIDE, vector(1, 0, 0, 0))).toEqual([4])
    expect(await items(OLD, vector(1, 0, 0), other)).toEqual([3])
    const also = await nearestItems(database, codes, spaceOf(), vector(1, 0, 0), 9, { alsoItems: [1, 2, 3, 4, 5] })
    expect(also.map(({ item }) => item)).toEqual([1])
  })

  it('come with those that are wanted as well, and with their cosines', async () => {
    await put([1, 2, 3, 4, 5])
    const found = await nearestItems(database, codes, spaceOf(), vector(1, 0, 0), 2, { alsoItems: [4, 1, 99] })
    expect(found.map(({ item }) => item)).toEqual([1, 2, 4])
    expect(found[2]?.cosine).toBeCloseTo(Math.cos(0.4), 5)
  })

  describe('in large spaces', () => {
    const dims = 24
    const model = { ...OLD, dims }
    const random = seededRandom(7)
    const insert = (from: number, count: number) =>
      writeFenced(database, orgId, (transaction) =>
        insertVectors(
          transaction,
          model,
          Array.from({ length: count }, (_, n) => ({
            kind: 'turn',
            item: from + n,
            vector: randomVector(random, dims),
          })),
        ),
      )
    const remove = (items: readonly number[]) =>
      writeFenced(database, orgId, (transaction) => removeVectors(transaction, 'turn', items))
    const query = randomVector(random, dims)
    const nearest = async (held = codes, minCompared = 1) =>
      (await nearestItems(database, held, spaceOf(model, orgId, 'turn'), query, 10, { minCompared })).map(
        ({ item }) => item,
      )
    const exact = () => nearest(createHeldCodes(HELD_BYTES), 1_000)

    it('are found by their codes, by those too that were added or removed since the last search', async () => {
      await insert(1, 300)
      expect(await nearest(codes, 100)).toEqual(await exact())
      await insert(301, 300)
      const found = await nearest(codes, 200)
      expect(found).toEqual(await exact())
      await remove(found.slice(0, 5))
      expect((await nearest(codes, 200)).slice(0, 5)).toEqual(found.slice(5))
      await remove(Array.from({ length: 600 }, (_, n) => n + 1))
      expect(await nearest()).toEqual([])
      await insert(601, 20)
      expect((await nearest(codes, 20)).length).toBe(10)
      expect(await spaces()).toEqual([['p/old', dims, 20]])
    })

    it('are found by searches that come at once, and by a process that has no room to hold them', async () => {
      await insert(1, 300)
      const held = createHeldCodes(HELD_BYTES)
      const expected = await exact()
      for (const found of await Promise.all(Array.from({ length: 5 }, () => nearest(held, 100))))
        expect(found).toEqual(expected)
      await insert(301, 100)
      const later = await exact()
      for (const found of await Promise.all(Array.from({ length: 5 }, () => nearest(held, 100))))
        expect(found).toEqual(later)
      expect(await nearest(createHeldCodes(1), 100)).toEqual(later)
    })

    it('whose codes are let go of leave no timers', async () => {
      await insert(1, 300)
      const held = createHeldCodes(HELD_BYTES)
      const started = vi.spyOn(globalThis, 'setTimeout')
      expect(await nearest(held, 100)).toHaveLength(10)
      const ages = started.mock.calls.flatMap(([, delayMs], at) =>
        Number(delayMs) >= 3_600_000 ? [started.mock.results[at]?.value] : [],
      )
      expect(ages.length).toBeGreaterThan(0)
      const stopped = vi.spyOn(globalThis, 'clearTimeout')
      held.clear()
      expect(stopped.mock.calls.flat()).toEqual(expect.arrayContaining(ages))
      started.mockRestore()
      stopped.mockRestore()
    })

    it('are found by what their transaction sees, and no other by what was never committed', async () => {
      await insert(1, 50)
      const aborted = writeFenced(database, orgId, async (transaction) => {
        await insertVectors(transaction, model, [{ kind: 'turn', item: 51, vector: query }])
        const near = await nearestItems(transaction, codes, spaceOf(model, orgId, 'turn'), query, 1)
        expect(near.map(({ item }) => item)).toEqual([51])
        await removeVectors(transaction, 'turn', [1, 2, 3])
        await nearestItems(transaction, codes, spaceOf(model, orgId, 'turn'), query, 1)
        throw new Error('rolled back')
      })
      await expect(aborted).rejects.toThrow('rolled back')
      await insert(60, 1)
      expect(await nearest(codes, 60)).toEqual(await exact())
      await remove([4])
      expect(await nearest(codes, 60)).toEqual(await exact())
    })
  })
})

describe('what a model lacks', () => {
  it('is found, page by page, made, and then nothing', async () => {
    const before = await countLackingVectors(database, NEW)
    await index([1, 2, 3, 4, 5])
    await put([1, 2, 3, 4, 5])
    await put([2, 4], NEW)
    expect((await readOrgsLackingVectors(database, NEW, 1_000)).includes(orgId)).toBe(true)
    expect((await readOrgsLackingVectors(database, OLD, 1_000)).includes(orgId)).toBe(false)
    expect(await countLackingVectors(database, NEW)).toBe(before + 3)

    const page = (afterItem: number, limit: number) =>
      readItemsLackingVectors(database, orgId, 'memory', NEW, { afterItem, limit })
    expect(await page(0, 2)).toEqual([1, 3])
    expect(await page(3, 2)).toEqual([5])
    expect(await page(5, 2)).toEqual([])
    expect(
      await readItemsLackingVectors(database, `${orgId}-other`, 'memory', NEW, { afterItem: 0, limit: 9 }),
    ).toEqual([])

    await put([1, 3, 5], NEW)
    expect(await page(0, 9)).toEqual([])
    expect((await readOrgsLackingVectors(database, NEW, 1_000)).includes(orgId)).toBe(false)
    expect(await countLackingVectors(database, NEW)).toBe(before)
  })

  it('is everything for other dimensions of the same model', async () => {
    await index([1])
    await put([1])
    expect(await readItemsLackingVectors(database, orgId, 'memory', WIDE, { afterItem: 0, limit: 9 })).toEqual([1])
    expect((await readOrgsLackingVectors(database, WIDE, 1_000)).includes(orgId)).toBe(true)
  })
})

describe('the index of words', () => {
  const read = async (terms: readonly string[], of = orgId, options = {}) => {
    const { corpus, terms: found } = await readTermIndex(database, of, 'memory', terms, options)
    return { corpus, found: Object.fromEntries(found.map(({ term, occurrences }) => [term, occurrences])) }
  }
  const items = async (term: string) => (await read([term])).found[term]?.map(({ item }) => item).sort((a, b) => a - b)

  it('counts items and lengths, of transactions at once too', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, n) => index([n * 2 + 1, n * 2 + 2])))
    const { corpus, found } = await read(['a', 'nothing'])
    expect(corpus).toEqual({ items: 16, averageLength: 3 })
    expect(Object.keys(found)).toEqual(['a'])
    expect(found.a).toHaveLength(16)
    expect(found.a?.[0]).toMatchObject({ frequency: 2, itemLength: 3, position: 0 })
  })

  it('is of one org and one kind', async () => {
    await index([1])
    await index([1, 2], `${orgId}-other`)
    expect((await read(['a'])).found.a).toHaveLength(1)
    expect((await read(['a'])).corpus).toMatchObject({ items: 1 })
    expect(await readTermIndex(database, orgId, 'turn', ['a'])).toEqual({
      corpus: { items: 0, averageLength: 0 },
      terms: [],
      unreadTerms: new Set(),
    })
    expect((await read([])).found).toEqual({})
  })

  it('takes terms of any letters, and leaves out what is too long for an index', async () => {
    const long = 'x'.repeat(65)
    await writeFenced(database, orgId, (transaction) =>
      indexTerms(transaction, [
        { kind: 'memory', item: 1, terms: ['😀', "o'b", '\\', long, '%'] },
        { kind: 'memory', item: 2, terms: [] },
      ]),
    )
    const { found, corpus } = await read(['😀', "o'b", '\\', '%', long])
    expect(Object.keys(found).sort()).toEqual(['%', '\\', "o'b", '😀'].sort())
    expect(corpus).toEqual({ items: 2, averageLength: 2 })
  })

  it('finds every item of a term, over many pages, written one by one or at once', async () => {
    const last = 3 * PAGE_OCCURRENCES
    for (let item = 1; item <= PAGE_OCCURRENCES + 1; item++) await index([item])
    await index(Array.from({ length: last - PAGE_OCCURRENCES - 1 }, (_, n) => PAGE_OCCURRENCES + 2 + n))
    expect(await items('a')).toEqual(Array.from({ length: last }, (_, n) => n + 1))
    const pages = await database
      .selectFrom('postings')
      .select(['page', 'packed'])
      .where('org_id', '=', orgId)
      .where('term', '=', 'a')
      .execute()
    expect(pages.length).toBeLessThan(6)
  })

  it('forgets items and counts on without them, also those without a word, or with other words than they were indexed by', async () => {
    await index([1, 2, 256, 65_536])
    await writeFenced(database, orgId, (transaction) =>
      indexTerms(transaction, [{ kind: 'memory', item: 3, terms: ['x'.repeat(65)] }]),
    )
    const remove = (...gone: [item: number, terms: string[]][]) =>
      writeFenced(database, orgId, (transaction) =>
        removeTerms(
          transaction,
          'memory',
          gone.map(([item, terms]) => ({ item, terms, audience: ORG_AUDIENCE })),
        ),
      )
    await remove([2, ['b', 'a', 'a']], [3, ['x'.repeat(65)]])
    expect(await items('a')).toEqual([1, 256, 65_536])
    expect((await read(['a'])).corpus).toEqual({ items: 3, averageLength: 3 })
    await remove([256, ['b', 'elsewhere']])
    expect((await read(['a'])).corpus).toEqual({ items: 2, averageLength: 3 })
    await remove([1, []], [65_536, ['a']])
    expect(await items('a')).toBeUndefined()
    expect(await database.selectFrom('postings').select('term').where('org_id', '=', orgId).execute()).toEqual([])
    expect((await read(['a'])).corpus.items).toBe(0)
  })

  it('leaves the most common terms out when there would be too much to read, never all', async () => {
    await index([1, 2, 3])
    await writeFenced(database, orgId, (transaction) =>
      indexTerms(transaction, [{ kind: 'memory', item: 4, terms: ['rare', 'a'] }]),
    )
    expect(Object.keys((await read(['a', 'rare'], orgId, { maxOccurrences: 4 })).found)).toEqual(['rare'])
    expect(Object.keys((await read(['a'], orgId, { maxOccurrences: 0 })).found)).toEqual(['a'])
  })
})
