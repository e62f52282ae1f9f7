import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NewMemory } from '../../../../../shared/store/memories/memories.ts'
import type { KnownMemory } from '../../../../../shared/store/memories/memory-changes.ts'
import {
  type Changes,
  type Entry,
  isAboutTheSame,
  type Relation,
  reconcile,
} from '../../../../../workers/memory/reconciliation/reconcile.ts'
import { newMemory } from '../../../../helpers/memory/memories.ts'

const day = (number: number) => new Date(Date.UTC(2026, 0, number))
/** Where Maya lives, as said on a day; the turn has the day's number unless it is given. */
const lives = (place: string, on: number, given: Partial<NewMemory> = {}): NewMemory =>
  newMemory(`Maya lives in ${place}.`, {
    subject: 'Maya',
    attribute: 'residence',
    observedAt: day(on),
    sources: [{ turn: on, quote: place }],
    ...given,
  })

type Judge = (fact: NewMemory, entry: Entry) => Relation | undefined
const sameProperty: Judge = (fact, entry) => (isAboutTheSame(fact, entry) ? 'replaces' : undefined)

/** A store without SQL: what the changes leave behind. */
type Row = KnownMemory & { supersededBy: number | null; contradicts: Set<number> }
function store() {
  const rows: Row[] = []
  return {
    rows,
    say(facts: readonly NewMemory[], workstreamId = 'w', relation: Judge = sameProperty) {
      const changes = reconcile(facts, workstreamId, structuredClone(rows).map(withBuffer), (index, entry) =>
        relation(facts[index] as NewMemory, entry),
      )
      apply(rows, facts, workstreamId, changes)
      return changes
    },
    open: () => rows.filter(({ validTo }) => validTo === null).map(({ fact }) => fact),
  }
}
const withBuffer = (row: Row): Row => ({ ...row, factHash: Buffer.from(row.factHash) })

function apply(rows: Row[], facts: readonly NewMemory[], workstreamId: string, changes: Changes): void {
  const first = rows.length
  const idOf = (ref: Entry['ref']) =>
    'id' in ref ? ref.id : first + changes.inserts.findIndex(({ fact }) => fact === ref.fact)
  for (const { fact, validTo } of changes.inserts) {
    const of = facts[fact] as NewMemory
    const newest = { turn: Math.max(...of.sources.map(({ turn }) => turn)), workstreamId }
    const sourceTurns = of.sources.map(({ turn }) => turn)
    rows.push({ ...of, id: rows.length, validTo, sourceTurns, newest, supersededBy: null, contradicts: new Set() })
  }
  for (const { memory, fact } of changes.observations) {
    const row = rows[idOf(memory)] as Row
    const of = facts[fact] as NewMemory
    const turns = of.sources.map(({ turn }) => turn)
    const isNewer = of.observedAt > row.observedAt
    rows[row.id] = {
      ...row,
      sourceTurns: [...new Set([...row.sourceTurns, ...turns])],
      ...(isNewer ? { observedAt: of.observedAt, newest: { turn: Math.max(...turns), workstreamId } } : {}),
    }
  }
  for (const { memory, by, validTo } of changes.ends)
    rows[idOf(memory)] = { ...(rows[idOf(memory)] as Row), validTo, supersededBy: idOf(by) }
  for (const [a, b] of changes.contradictions) {
    rows[idOf(a)]?.contradicts.add(idOf(b))
    rows[idOf(b)]?.contradicts.add(idOf(a))
  }
}

describe('a newer fact about the same', () => {
  test('ends the older where it begins, and deletes nothing', () => {
    const { say, rows, open } = store()
    say([lives('Lisbon', 1)])
    say([lives('Porto', 5, { validFrom: day(9) })])
    expect(open()).toEqual(['Maya lives in Porto.'])
    expect(rows[0]).toMatchObject({ validTo: day(9), supersededBy: 1 })
  })

  test('is told from an older one that comes late', () => {
    const { say, rows, open } = store()
    say([lives('Porto', 5)])
    say([lives('Lisbon', 1)])
    expect(open()).toEqual(['Maya lives in Porto.'])
    expect(rows[1]).toMatchObject({ fact: 'Maya lives in Lisbon.', validTo: day(5), supersededBy: 0 })
  })

  test('within one batch counts by the order in which it was said', () => {
    const { say, rows, open } = store()
    say([lives('Braga', 3, { sources: [{ turn: 9, quote: '' }] }), lives('Porto', 3), lives('Lisbon', 1)])
    expect(open()).toEqual(['Maya lives in Braga.'])
    expect(rows.map(({ fact, supersededBy }) => [fact, supersededBy])).toEqual([
      ['Maya lives in Lisbon.', 1],
      ['Maya lives in Porto.', 2],
      ['Maya lives in Braga.', null],
    ])
  })

  test('that was known to hold once before is a memory anew', () => {
    const { say, rows, open } = store()
    for (const [place, on] of [
      ['Lisbon', 1],
      ['Porto', 2],
      ['Lisbon', 3],
    ] as const)
      say([lives(place, on)])
    expect(open()).toEqual(['Maya lives in Lisbon.'])
    expect(rows).toHaveLength(3)
    say([lives('Porto', 2)])
    expect(rows).toHaveLength(3)
  })

  test('at the same moment elsewhere, or in one breath, contradicts: both stay', () => {
    const { say, rows, open } = store()
    say([lives('Lisbon', 1)], 'v')
    say([lives('Porto', 1)], 'w')
    say([lives('Braga', 1)], 'w')
    expect(open()).toHaveLength(3)
    expect(rows.map(({ contradicts }) => contradicts.size)).toEqual([2, 2, 2])
  })

  test('ends nothing of another owner, of another property, or that is held', () => {
    const { say, open } = store()
    say([lives('Lisbon', 1, { owner: { userId: 'maya', agentId: null, workstreamId: null } })])
    say([lives('Faro', 1, { status: 'quarantined', statusReason: 'unquoted' })])
    say([lives('Porto', 2)])
    say([lives('Shell', 3, { attribute: 'employer' })], 'w', () => 'replaces')
    expect(open()).toHaveLength(4)
  })
})

describe('the same fact', () => {
  test('in other words joins its sources', () => {
    const { say, rows } = store()
    say([lives('Lisbon', 1)])
    say(
      [newMemory('Lisbon is where Maya lives.', { observedAt: day(4), sources: [{ turn: 4, quote: '' }] })],
      'w',
      () => 'same',
    )
    expect(rows).toMatchObject([{ sourceTurns: [1, 4], observedAt: day(4) }])
  })

  test('that is held is no reason not to use it once it is proved; that was rejected stays so; neither proves one that is used', () => {
    const { say, rows } = store()
    const held = { status: 'quarantined', statusReason: 'unquoted' } as const
    const unrelated = () => undefined
    say(
      [lives('Faro', 1, held), lives('Porto', 1), lives('Braga', 1, { ...held, status: 'rejected' as never })],
      'w',
      unrelated,
    )
    say([lives('Faro', 2), lives('Porto', 2, held), lives('Braga', 2)], 'w', unrelated)
    say([lives('Faro', 3), lives('Faro', 4, held), lives('Braga', 4, held)], 'w', unrelated)
    expect(rows.map(({ status, sourceTurns }) => [status, sourceTurns])).toEqual([
      ['quarantined', [1, 4]],
      ['active', [1]],
      ['rejected', [1, 2, 4]],
      ['active', [2, 3]],
    ])
    const ordered = lives('Ghent', 5, { ...held, statusReason: 'instruction-like' })
    say([ordered, lives('Ghent', 6)], 'w', unrelated)
    expect(rows.at(-1)).toMatchObject({ status: 'quarantined', sourceTurns: [5, 6] })
  })
})

test('whatever comes in whatever order, each value holds until the next that was said', () => {
  const days = fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 1 })
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 3 }), (order, size) => {
      const { say, rows } = store()
      for (let at = 0; at < order.length; at += size)
        say(order.slice(at, at + size).map((on) => lives(`town ${on}`, on)))
      const byDay = rows.toSorted((a, b) => a.validFrom.getTime() - b.validFrom.getTime())
      expect(byDay.map(({ validTo, supersededBy }) => [validTo, supersededBy])).toEqual(
        byDay.map((_, at) => [byDay[at + 1]?.validFrom ?? null, byDay[at + 1]?.id ?? null]),
      )
    }),
    { numRuns: 100 },
  )
})

test('a late value that what held then outlived was over at once', () => {
  const { say, rows } = store()
  say([lives('Lisbon', 1)])
  say([lives('Lisbon', 5)])
  say([lives('Porto', 9)])
  say([lives('Braga', 3)])
  expect(rows.map(({ validTo, supersededBy }) => [validTo, supersededBy])).toEqual([
    [day(9), 1],
    [null, null],
    [day(3), 0],
  ])
})

test('whatever is said in whatever order: doing it again changes nothing, and what was said last holds', () => {
  const saying = fc.record({ place: fc.constantFrom('Lisbon', 'Porto', 'Braga'), on: fc.integer({ min: 1, max: 12 }) })
  const sayings = fc.uniqueArray(saying, { selector: ({ on }) => on, minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(sayings, fc.integer({ min: 1, max: 3 }), (said, size) => {
      const { say, rows, open } = store()
      const batches = said.flatMap((_, at) => (at % size === 0 ? [said.slice(at, at + size)] : []))
      const facts = batches.map((batch) => [
        ...new Map(batch.map(({ place, on }) => [place, lives(place, on)])).values(),
      ])
      for (const batch of facts) say(batch)
      const kept = structuredClone(rows)
      for (const batch of facts) {
        const changes = say(batch)
        expect([changes.inserts, changes.ends, changes.contradictions]).toEqual([[], [], []])
      }
      expect(structuredClone(rows)).toEqual(kept)
      const last = facts.flat().toSorted((a, b) => b.observedAt.getTime() - a.observedAt.getTime())[0]
      expect(open()).toEqual([last?.fact])
    }),
    { numRuns: 300 },
  )
})
