import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NewMemory } from '../../../../../shared/store/memories/memories.ts'
import type { KnownMemory, Saying } from '../../../../../shared/store/memories/memory-changes.ts'
import {
  type Changes,
  type ComparedFact,
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

type Judge = (fact: NewMemory, entry: ComparedFact) => Relation | undefined
const sameProperty: Judge = (fact, entry) => (isAboutTheSame(fact, entry) ? 'replaces' : undefined)

/** A store without SQL: what the changes leave behind. */
type Row = KnownMemory & { supersededBy: number | null; contradicts: Set<number> }
function store() {
  const rows: Row[] = []
  return {
    rows,
    say(facts: readonly NewMemory[], relation: Judge = sameProperty) {
      const changes = reconcile(facts, structuredClone(rows).map(withBuffer), (index, entry) =>
        relation(facts[index] as NewMemory, entry),
      )
      apply(rows, facts, changes)
      return changes
    },
    open: () => rows.filter(({ validTo }) => validTo === null).map(({ fact }) => fact),
  }
}
const withBuffer = (row: Row): Row => ({ ...row, factHash: Buffer.from(row.factHash) })

function apply(rows: Row[], facts: readonly NewMemory[], changes: Changes): void {
  const ids = new Map<string, number>()
  const idOf = (ref: ComparedFact['ref']) => ('id' in ref ? ref.id : (ids.get(JSON.stringify(ref)) as number))
  const sayingOf = ({ sources, observedAt: saidAt, validFrom }: NewMemory) => {
    return { turn: Math.max(...sources.map(({ turn }) => turn)), saidAt, validFrom }
  }
  for (const { factIndex, ...valid } of changes.inserts) {
    const of = facts[factIndex] as NewMemory
    ids.set(JSON.stringify({ factIndex }), rows.length)
    const sayings = [sayingOf(of)]
    rows.push({ ...of, ...valid, id: rows.length, sayings, supersededBy: null, contradicts: new Set() })
  }
  for (const { ref, memory, turns, ...valid } of changes.splits) {
    const of = rows[memory] as Row
    const isMoved = ({ turn }: Saying) => turns.includes(turn)
    ids.set(JSON.stringify(ref), rows.length)
    rows.push(said({ ...of, ...valid, id: rows.length, contradicts: new Set() }, of.sayings.filter(isMoved)))
    rows[memory] = said(
      of,
      of.sayings.filter((one) => !isMoved(one)),
    )
  }
  for (const { memory, factIndex } of changes.observations) {
    const row = rows[idOf(memory)] as Row
    const saying = sayingOf(facts[factIndex] as NewMemory)
    const sayings = row.sayings.some(({ turn }) => turn === saying.turn) ? row.sayings : [...row.sayings, saying]
    rows[row.id] = said(row, sayings)
  }
  for (const { memory, validFrom } of changes.starts) rows[memory] = { ...(rows[memory] as Row), validFrom }
  for (const { memory, by, validTo } of changes.ends)
    rows[idOf(memory)] = { ...(rows[idOf(memory)] as Row), validTo, supersededBy: idOf(by) }
  for (const [a, b] of changes.contradictions) {
    rows[idOf(a)]?.contradicts.add(idOf(b))
    rows[idOf(b)]?.contradicts.add(idOf(a))
  }
}

const said = (row: Row, sayings: Row['sayings']): Row => ({
  ...row,
  sayings,
  observedAt: new Date(Math.max(...sayings.map(({ saidAt }) => saidAt.getTime()))),
})
const turnsOf = (row: Row | undefined) => row?.sayings.map(({ turn }) => turn)

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

  test('at the same moment is told by what was recorded later; in one breath it contradicts, and both stay', () => {
    const { say, rows, open } = store()
    say([lives('Lisbon', 1, { sources: [{ turn: 4, quote: '' }] })])
    say([lives('Porto', 1, { sources: [{ turn: 3, quote: '' }] })])
    expect(open()).toEqual(['Maya lives in Lisbon.'])
    say([lives('Braga', 1, { sources: [{ turn: 4, quote: '' }] })])
    expect(open()).toEqual(['Maya lives in Lisbon.', 'Maya lives in Braga.'])
    expect(rows.map(({ contradicts }) => contradicts.size)).toEqual([1, 0, 1])
  })

  test('ends nothing of another owner, or that is held', () => {
    const { say, open } = store()
    say([lives('Lisbon', 1, { owner: { userId: 'maya', agentId: null, workstreamId: null } })])
    say([lives('Faro', 1, { status: 'quarantined', statusReason: 'unquoted' })])
    say([lives('Porto', 2)])
    expect(open()).toHaveLength(3)
  })

  test('that is called otherwise replaces where a model says so, and takes the name of what it replaces', () => {
    const { say, rows, open } = store()
    say([lives('Lisbon', 1)])
    const city = { subject: 'Maya Lopez', subjectKey: 'name:maya lopez', attribute: 'city' }
    say([lives('Porto', 2, city)], () => 'replaces')
    say([lives('Braga', 3)])
    expect(open()).toEqual(['Maya lives in Braga.'])
    expect(rows.map(({ subject, attribute, supersededBy }) => [subject, attribute, supersededBy])).toEqual([
      ['Maya', 'residence', 1],
      ['Maya', 'residence', 2],
      ['Maya', 'residence', null],
    ])
  })

  test('replaces nothing of a subject that is known to be another, whatever a model says', () => {
    const { say, open } = store()
    const of = (subjectKey: string) => ({ subject: 'Alex', subjectKey })
    say([lives('Lisbon', 1, of('user:u1'))])
    say([lives('Porto', 2, of('user:u2'))], () => 'replaces')
    say([lives('Braga', 3, of('role:user@w'))], () => 'same')
    expect(open()).toHaveLength(3)
  })

  test('whose value is a time ends the older when it is said', () => {
    const { say, rows } = store()
    const meeting = { subject: 'meeting', attribute: 'date' }
    say([lives('Friday', 1, { ...meeting, validFrom: day(6) })])
    say([lives('Monday', 4, { ...meeting, validFrom: day(9) })])
    say([lives('Tuesday', 10, { ...meeting, validFrom: day(20) })])
    expect(rows.map(({ validFrom, validTo }) => [validFrom, validTo])).toEqual([
      [day(6), day(6)],
      [day(9), day(10)],
      [day(20), null],
    ])
  })
})

describe('the same fact', () => {
  test('in other words joins its sources', () => {
    const { say, rows } = store()
    say([lives('Lisbon', 1)])
    say(
      [newMemory('Lisbon is where Maya lives.', { observedAt: day(4), sources: [{ turn: 4, quote: '' }] })],
      () => 'same',
    )
    expect(rows).toMatchObject([{ observedAt: day(4) }])
    expect(turnsOf(rows[0])).toEqual([1, 4])
  })

  test('that is held is no reason not to use it once it is proved; that was rejected stays so; neither proves one that is used', () => {
    const { say, rows } = store()
    const held = { status: 'quarantined', statusReason: 'unquoted' } as const
    const unrelated = () => undefined
    say(
      [lives('Faro', 1, held), lives('Porto', 1), lives('Braga', 1, { ...held, status: 'rejected' as never })],
      unrelated,
    )
    say([lives('Faro', 2), lives('Porto', 2, held), lives('Braga', 2)], unrelated)
    say([lives('Faro', 3), lives('Faro', 4, held), lives('Braga', 4, held)], unrelated)
    expect(rows.map((row) => [row.status, turnsOf(row)])).toEqual([
      ['quarantined', [1, 4]],
      ['active', [1]],
      ['rejected', [1, 2, 4]],
      ['active', [2, 3]],
    ])
    const ordered = lives('Ghent', 5, { ...held, statusReason: 'instruction-like' })
    say([ordered, lives('Ghent', 6)], unrelated)
    expect([rows.at(-1)?.status, turnsOf(rows.at(-1))]).toEqual(['quarantined', [5, 6]])
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

test('a late value that falls between two sayings of another splits it in two', () => {
  const { say, rows } = store()
  say([lives('Lisbon', 1)])
  say([lives('Lisbon', 5)])
  say([lives('Porto', 9)])
  say([lives('Braga', 3)])
  expect(rows.map(({ fact, validFrom, validTo, supersededBy }) => [fact, validFrom, validTo, supersededBy])).toEqual([
    ['Maya lives in Lisbon.', day(1), day(3), 2],
    ['Maya lives in Porto.', day(9), null, null],
    ['Maya lives in Braga.', day(3), day(5), 3],
    ['Maya lives in Lisbon.', day(5), day(9), 1],
  ])
})

/** What a store holds, whatever ids its rows have. */
function contentsOf(rows: readonly Row[]) {
  const nameOf = (row: Row | undefined) => row && `${row.fact} ${turnsOf(row)?.toSorted((a, b) => a - b)}`
  return rows
    .map((row) => ({
      name: nameOf(row),
      valid: [row.validFrom, row.validTo],
      observedAt: row.observedAt,
      next: nameOf(rows[row.supersededBy ?? Number.NaN]),
      // What is over may show what only a later part of it contradicted.
      against: row.validTo
        ? []
        : [...row.contradicts]
            .filter((id) => !rows[id]?.validTo)
            .map((id) => nameOf(rows[id]))
            .sort(),
    }))
    .sort((a, b) => `${a.name}`.localeCompare(`${b.name}`))
}

test('what several workstreams say, at any times, in any batches and in any order of commits, is remembered alike', () => {
  const saying = fc.record({
    place: fc.constantFrom('Lisbon', 'Porto', 'Braga'),
    workstream: fc.constantFrom('v', 'w', 'x'),
    on: fc.integer({ min: 1, max: 6 }),
    from: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
  })
  fc.assert(
    fc.property(
      fc.array(saying, { maxLength: 9 }),
      fc.array(fc.nat(), { minLength: 30, maxLength: 30 }),
      (said, dice) => {
        const latest = new Map<string, number>()
        const facts = said.map(({ place, workstream, on, from }, turn) => {
          // As turns are recorded: within a workstream none is said before an earlier one.
          const at = Math.max(on, latest.get(workstream) ?? 0)
          latest.set(workstream, at)
          const sources = [{ turn: turn + 1, quote: place }]
          return { workstream, fact: lives(place, at, { sources, validFrom: day(from ?? at) }) }
        })
        const inTurn = store()
        for (const { fact } of facts) inTurn.say([fact])
        const mixed = store()
        const queues = [...Map.groupBy(facts, ({ workstream }) => workstream).values()]
        for (let draw = 0; queues.some((queue) => queue.length > 0); draw += 1) {
          const open = queues.filter((queue) => queue.length > 0)
          const queue = open[(dice[draw % 30] as number) % open.length] as typeof facts
          const batch = queue.splice(0, 1 + ((dice[(draw + 7) % 30] as number) % 3))
          mixed.say(batch.map(({ fact }) => fact))
        }
        expect(contentsOf(mixed.rows)).toEqual(contentsOf(inTurn.rows))
      },
    ),
    { numRuns: Number(process.env.AFTERTURN_TEST_RUNS ?? 100) },
  )
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
