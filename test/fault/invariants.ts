import { sql } from 'kysely'
import type { Halt } from './halt.ts'
import { readSettlements, violationsOfFences, violationsOfHalts, violationsOfOrder } from './settlements.ts'
import type { Book, BookedTurn } from './traffic.ts'
import type { World } from './world/world.ts'

/** Owns what must hold at rest, whatever happened: the store against the app's book. Each violation is one line with its evidence. */

type StoredTurn = {
  readonly id: number
  readonly orgId: string
  readonly workstreamId: string
  readonly turnId: string
  readonly seq: number
  readonly state: string
  readonly content: string
  readonly deaths: number
  readonly reasons: readonly string[]
}
type StoredMemory = {
  readonly id: number
  readonly orgId: string
  readonly fact: string
  readonly sources: readonly number[] | null
}

/** All that is wrong; nothing when all is well. */
export async function findViolations(world: World, book: Book, halts: readonly Halt[] = []): Promise<string[]> {
  const turns = await readStoredTurns(world)
  const memories = await readStoredMemories(world)
  const settlements = await readSettlements(world.database)
  return [
    ...book.violations,
    ...violationsOfBook(book, turns),
    ...violationsOfRecordingOrder(book, turns),
    ...violationsOfMemories(turns, memories),
    ...(await violationsOfValues(world)),
    ...(await violationsOfCounts(world, turns, memories)),
    ...violationsOfOrder(settlements),
    ...violationsOfHalts(settlements, halts),
    ...(await violationsOfFences(world.database, settlements)),
    ...world.workers.flatMap((worker) => worker.surprises),
    ...violationsOfDrains(world),
  ]
}

const keyOf = ({ orgId, workstreamId, turnId }: { orgId: string; workstreamId: string; turnId: string }) =>
  JSON.stringify([orgId, workstreamId, turnId])

/** P1: what was acknowledged is there, as it was said, and settled; what was refused is not there. */
function violationsOfBook({ recorded, refused }: Book, turns: readonly StoredTurn[]): string[] {
  const stored = new Map(turns.map((turn) => [keyOf(turn), turn]))
  const booked = new Map(recorded.map((turn) => [keyOf(turn.input), turn]))
  const violations: string[] = []
  for (const [key, { content }] of booked) {
    const turn = stored.get(key)
    if (!turn) violations.push(`${key} was acknowledged and is not in the store`)
    else if (turn.content !== content) violations.push(`${key} says ${turn.content}, and was recorded as ${content}`)
    else if (turn.state === 'pending') violations.push(`${key} (seq ${turn.seq}) is still pending`)
    else if (turn.state === 'dead_lettered' && (turn.deaths !== 1 || turn.reasons.some((reason) => reason === '')))
      violations.push(`${key} is a dead letter with ${turn.deaths} reason(s): ${turn.reasons}`)
    else if (turn.state === 'extracted' && turn.deaths > 0)
      violations.push(`${key} is extracted, and a dead letter too: ${turn.reasons}`)
  }
  for (const { input } of refused)
    if (stored.has(keyOf(input))) violations.push(`${keyOf(input)} was refused as not recorded and is in the store`)
  for (const key of stored.keys()) if (!booked.has(key)) violations.push(`${key} is in the store and nobody knows it`)
  return violations
}

/** A turn that was acknowledged before the recording of another began comes before it. */
function violationsOfRecordingOrder({ recorded }: Book, turns: readonly StoredTurn[]): string[] {
  const seqs = new Map(turns.map((turn) => [keyOf(turn), turn.seq]))
  const violations: string[] = []
  const byWorkstream = Map.groupBy(recorded, ({ input }) => JSON.stringify([input.orgId, input.workstreamId]))
  for (const booked of byWorkstream.values()) {
    const bySeq = booked.toSorted((a, b) => (seqs.get(keyOf(b.input)) ?? 0) - (seqs.get(keyOf(a.input)) ?? 0))
    let earliest: BookedTurn | undefined
    for (const turn of bySeq) {
      if (earliest && (earliest.recordedMs as number) < turn.begunMs)
        violations.push(`${keyOf(turn.input)} began after ${keyOf(earliest.input)} was recorded, and stands before it`)
      if (!earliest || (turn.recordedMs as number) < (earliest.recordedMs as number)) earliest = turn
    }
  }
  return violations
}

/** P2, P4: each fact is one memory of its org, from just the extracted turns that hold it. */
function violationsOfMemories(turns: readonly StoredTurn[], memories: readonly StoredMemory[]): string[] {
  const expected = new Map<string, number[]>()
  for (const turn of turns.filter(({ state }) => state === 'extracted')) {
    const key = JSON.stringify([turn.orgId, turn.content])
    expected.set(key, [...(expected.get(key) ?? []), turn.id])
  }
  const violations: string[] = []
  for (const { id, orgId, fact, sources } of memories) {
    const key = JSON.stringify([orgId, fact])
    const wanted = expected.get(key)?.toSorted((a, b) => a - b)
    if (JSON.stringify(sources) !== JSON.stringify(wanted))
      violations.push(
        `memory ${id} ${key} has the sources ${sources}, expected ${wanted ?? 'no such memory, or only one'}`,
      )
    expected.delete(key)
  }
  for (const [key, ids] of expected) violations.push(`turn(s) ${ids} ${key} are extracted and left no memory`)
  return violations
}

/** P11: of an owner's property of a subject one value holds, the one that was said last; the others have ended, each by another. */
async function violationsOfValues({ database }: World): Promise<string[]> {
  const { rows } = await sql<{ about: string; open: number; isLast: boolean }>`
    select org_id || ': ' || subject || ', ' || attribute as about, count(*) filter (where valid_to is null)::int as open,
      max(observed_at) filter (where valid_to is null) = max(observed_at) as "isLast"
    from memories where attribute is not null
    group by org_id, user_id, agent_id, workstream_id, subject, attribute`.execute(database)
  return rows.flatMap(({ about, open, isLast }) =>
    open === 1 && isLast
      ? []
      : [`${about}: ${open} values hold, ${isLast ? 'the last one' : 'not the last one'} among them`],
  )
}

/** P2 again, where an upsert would hide that effects landed twice: in what is counted up. */
async function violationsOfCounts(
  { database }: World,
  turns: readonly StoredTurn[],
  memories: readonly StoredMemory[],
): Promise<string[]> {
  const extracted = turns.filter(({ state }) => state === 'extracted').length
  const { rows } = await sql<{ what: string; count: number }>`
    select 'duplicates' as what, coalesce(sum(duplicates), 0)::int as count from usage_ledger
    union all select 'indexed ' || item_kind, sum(items)::int from corpora group by item_kind
    union all select 'embedded ' || item_kind, sum(items)::int from vector_spaces group by item_kind
    union all select 'vectors ' || item_kind, count(*)::int from vectors group by item_kind`.execute(database)
  const counts = Object.fromEntries(rows.map(({ what, count }) => [what, count]))
  const expected: Record<string, number> = {
    duplicates: extracted - memories.length,
    'indexed turn': extracted,
    'indexed memory': memories.length,
    'embedded turn': extracted,
    'embedded memory': memories.length,
    'vectors turn': extracted,
    'vectors memory': memories.length,
  }
  return Object.entries(expected).flatMap(([what, count]) =>
    (counts[what] ?? 0) === count ? [] : [`${what}: expected ${count}, got ${counts[what]}`],
  )
}

/** P9: a job that was stopped goes back as it came. */
function violationsOfDrains({ processes, workers }: World): string[] {
  return workers.flatMap(({ name }) =>
    processes
      .output(name)
      .split('\n')
      .filter((line) => line.includes('a job failed') && line.includes('The process stops'))
      .map((line) => `${name}: a drain cost an attempt: ${line}`),
  )
}

async function readStoredTurns({ database }: World): Promise<StoredTurn[]> {
  const { rows } = await sql<StoredTurn>`
    select t.id, t.org_id as "orgId", t.workstream_id as "workstreamId", t.turn_id as "turnId", t.seq, t.state,
      (select string_agg(content, '|' order by position) from messages m where m.turn = t.id) as content,
      (select count(*) from dead_letters d where d.turn = t.id) as deaths,
      array(select d.code || ': ' || d.reason from dead_letters d where d.turn = t.id) as reasons
    from turns t order by t.id`.execute(database)
  return rows
}

async function readStoredMemories({ database }: World): Promise<StoredMemory[]> {
  const { rows } = await sql<StoredMemory>`
    select m.id, m.org_id as "orgId", m.fact,
      (select json_agg(s.turn order by s.turn) from memory_sources s where s.memory = m.id) as sources
    from memories m order by m.id`.execute(database)
  return rows
}
