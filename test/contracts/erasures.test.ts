import fc from 'fast-check'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { termsOf } from '../../shared/ai/local/terms.ts'
import { FACT_RULES } from '../../shared/memory/fact-rules.ts'
import { hashFact } from '../../shared/memory/hash-fact.ts'
import type { Database } from '../../shared/store/database.ts'
import { eraseNamedMemories, eraseTurns } from '../../shared/store/erasing/erase-items.ts'
import { completeErasure, type ErasureScope, requestErasure } from '../../shared/store/erasing/erasures.ts'
import { readMemoriesToExport } from '../../shared/store/erasing/export-pages.ts'
import { readMemories } from '../../shared/store/memories/memories.ts'
import { readItemsLackingVectors } from '../../shared/store/search-index/vectors.ts'
import { insertTurn } from '../../shared/store/turns/insert-turn.ts'
import { findTurn, readPendingTurns } from '../../shared/store/turns/turns.ts'
import type { Relation } from '../../workers/memory/reconciliation/reconcile.ts'
import { everything, newMemory, reconcileFacts, TWO_DIMENSIONS } from '../helpers/memory/memories.ts'
import { useDatabase } from '../helpers/services/database.ts'
import { writeFenced } from '../helpers/services/fence.ts'
import { findEverywhere } from '../helpers/services/find-leftovers.ts'

/** What is left of memories when some of those go who said them. */

const HOME = { subject: 'Maya', attribute: 'home' }
const TIMING = { now: new Date('2026-01-01T00:00:00Z'), windowMs: 1, maxWaitMs: 1 }

let database: Database
let orgId: string
useDatabase((opened, org) => {
  database = opened
  orgId = org
})

type Said = {
  readonly fact: string
  readonly userId: string
  readonly subject?: string
  readonly attribute?: string
  readonly day?: number
}

/** A turn with one fact, indexed as extraction does; `relation` is how it stands to every memory that is there. */
async function say({ fact, userId, subject = userId, attribute, day = 1 }: Said, relation?: Relation): Promise<void> {
  const at = new Date(Date.UTC(2026, 0, day))
  const key = { orgId, workstreamId: 'w', turnId: crypto.randomUUID() }
  await insertTurn(
    database,
    { ...key, at, userId, messages: [{ role: 'user', content: fact }] },
    Buffer.alloc(32),
    TIMING,
  )
  const { seq } = (await findTurn(database, key)) as { seq: number }
  const turn = (await readPendingTurns(database, key, 10_000)).find((one) => one.seq === seq)?.id as number
  await writeFenced(database, orgId, async (transaction) => {
    // One person, whom each calls by another name.
    const subjectKey = 'maya'
    const given = {
      subject,
      subjectKey,
      attribute: attribute ?? null,
      observedAt: at,
      sources: [{ turn, quote: fact }],
    }
    const known = await readMemories(transaction, orgId, everything(10_000))
    const plan = { ids: known.map(({ id }) => id), relationOf: () => relation }
    const memory = newMemory(fact, { ...given, factHash: hashFact(fact) })
    const turns = [{ kind: 'turn' as const, item: turn, terms: termsOf(fact), vector: Float32Array.from([1, 0]) }]
    await reconcileFacts(transaction, [memory], TIMING.now, { ...(relation && plan), turns })
  })
}

async function erase(scope: Omit<ErasureScope, 'orgId'>): Promise<void> {
  const erasure = await requestErasure(database, { orgId, ...scope }, { by: 'test', at: TIMING.now })
  const options = { limit: 3, maxBytes: 1_000, rules: FACT_RULES, timing: TIMING }
  for (const step of [eraseTurns, eraseNamedMemories])
    for (let went = true; went; ) {
      const { turns, memories } = await writeFenced(database, orgId, (transaction) =>
        step(transaction, erasure, options),
      )
      went = turns + memories > 0
    }
  await completeErasure(database, erasure, TIMING.now)
}

const facts = async () => (await readMemories(database, orgId, everything())).map(({ fact }) => fact)

/** What of the derived does not fit what is left. */
async function faults(): Promise<unknown[]> {
  const { rows } = await sql`
    select 'memory without a source', m.id from memories m where org_id = ${orgId} and not exists (select 1 from memory_sources where memory = m.id)
    union all select 'vector of nothing', item from vectors where org_id = ${orgId} and not exists (
      select 1 from turns where item_kind = 'turn' and id = item union all select 1 from memories where item_kind = 'memory' and id = item)
    union all select 'space of other vectors', s.id from vector_spaces s where org_id = ${orgId} and (s.items, s.items) <> (
      (select count(*) from vectors v where v.org_id = s.org_id and v.item_kind = s.item_kind), (select count(*) from vector_codes where space = s.id))
    union all select 'corpus of other items', items from corpora c where org_id = ${orgId} and items <> case item_kind
      when 'turn' then (select count(*) from turns where org_id = ${orgId}) else (select count(*) from memories where org_id = ${orgId}) end
    union all select 'successor of another time', m.id from memories m where org_id = ${orgId} and (m.valid_to is null) <> (m.superseded_by is null)`.execute(
    database,
  )
  return rows
}

it('a memory goes on in the words of who is left to say it, and the words that went are nowhere', async () => {
  await say({ fact: 'Maya keeps a quagga in the attic.', userId: 'u1', day: 5 })
  await say({ fact: 'In the attic Maya keeps an okapi.', userId: 'u2', day: 2 }, 'same')
  await say({ fact: 'In the attic Maya keeps an okapi!', userId: 'u3', day: 3 }, 'same')
  const [memory] = await readMemories(database, orgId, everything())
  expect(memory).toMatchObject({ fact: expect.stringContaining('quagga'), sources: [{}, {}, {}] })
  const exported = async (userId: string) => readMemoriesToExport(database, { orgId, userId }, { afterId: 0, limit: 9 })
  expect(await exported('u2')).toMatchObject([{ fact: expect.stringContaining('okapi'), subject: 'u2', sources: [{}] }])
  expect(JSON.stringify(await exported('u2'))).not.toContain('quagga')
  expect(await exported('u1')).toMatchObject([{ fact: expect.stringContaining('quagga'), subject: 'u1' }])

  await erase({ userId: 'u1' })
  expect(await findEverywhere(database, [], 'quagga')).toEqual([])
  const [left] = await readMemories(database, orgId, everything())
  expect(left).toMatchObject({
    id: memory?.id,
    fact: 'In the attic Maya keeps an okapi.',
    subject: 'u2',
    sources: [{}, {}],
  })
  expect(left?.observedAt).toEqual(new Date('2026-01-03'))
  expect(await readItemsLackingVectors(database, orgId, 'memory', TWO_DIMENSIONS, { afterItem: 0, limit: 9 })).toEqual([
    left?.id,
  ])
  expect(await faults()).toEqual([])
  await erase({ userId: 'u2' })
  expect(await facts()).toEqual(['In the attic Maya keeps an okapi!'])
  await erase({ userId: 'u3' })
  expect([await facts(), await findEverywhere(database, [], 'okapi'), await faults()]).toEqual([[], [], []])
})

it('a memory whose new words are another’s already becomes that one', async () => {
  await say({ fact: 'Maya lives in Braga.', userId: 'u0', ...HOME, day: 1 })
  await say({ fact: 'Maya lives in Faro.', userId: 'u1', ...HOME, day: 2 }, 'replaces')
  await say({ fact: 'Faro is where Maya lives.', userId: 'u2', ...HOME, day: 3 }, 'same')
  await say({ fact: 'Faro is where Maya lives.', userId: 'u3', day: 4 })
  expect(await facts()).toHaveLength(2)
  await erase({ userId: 'u1' })
  expect(await facts()).toEqual(['Faro is where Maya lives.'])
  expect(await faults()).toEqual([])
  await erase({ userId: 'u3' })
  expect(await facts()).toEqual(['Faro is where Maya lives.'])
  await erase({ userId: 'u2' })
  expect([await facts(), await faults()]).toEqual([['Maya lives in Braga.'], []])
})

it('whatever is said and erased, in whatever order, what is left is said by somebody who is left', async () => {
  const user = fc.nat(2).map((number) => `u${number}`)
  const said = fc.record({
    fact: fc
      .tuple(fc.constantFrom('Faro', 'Braga'), fc.constantFrom('lives', 'dwells'))
      .map(([town, does]) => `Maya ${does} in ${town}.`),
    userId: user,
    isHome: fc.boolean(),
    day: fc.integer({ min: 1, max: 9 }),
    isOwn: fc.boolean(),
    relation: fc.constantFrom('same' as const, 'replaces' as const, 'contradicts' as const, undefined),
  })
  const step = fc.oneof({ weight: 4, arbitrary: said }, { weight: 1, arbitrary: user })
  let round = 0
  const org = orgId
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      round += 1
      orgId = `${org}-${round}`
      const words = new Map<string, string[]>()
      for (const [number, one] of [...steps, 'u0', 'u1'].entries()) {
        if (typeof one === 'string') {
          await erase({ userId: one })
          for (const word of words.get(one) ?? []) expect(await findEverywhere(database, [], word)).toEqual([])
          words.delete(one)
          expect(await faults()).toEqual([])
          continue
        }
        const { relation, isOwn, isHome, ...rest } = one
        const word = `zq${round}x${number}k`
        if (isOwn) words.set(one.userId, [...(words.get(one.userId) ?? []), word])
        const fact = isOwn ? `${one.fact} ${word}` : one.fact
        await say({ ...rest, fact, ...(isHome && HOME) }, relation)
      }
    }),
    { numRuns: Number(process.env.AFTERTURN_TEST_RUNS ?? 12), endOnFailure: true },
  )
}, 300_000)
