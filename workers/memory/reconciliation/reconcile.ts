import type { MemoryOwner, NewMemory } from '../../../shared/store/memories/memories.ts'
import type { KnownMemory } from '../../../shared/store/memories/memory-changes.ts'

/**
 * Owns what new facts do to the memories that are known: pure, so that what was planned outside the lock is worked out again inside it.
 * Guarantees: doing it twice is doing it once; what was observed earlier never ends what was observed later, and takes its place before it in the
 * history; only a fact about the same property of the same subject ends another; nothing is deleted.
 */

/** How a new fact stands to another: it says the same, it takes the place, or both cannot be true and nothing tells which is. */
export type Relation = 'same' | 'replaces' | 'contradicts'

/** A memory in the store by its id, or a new fact by its place. */
export type Ref = { readonly id: number } | { readonly fact: number }

/** What a fact is compared with. */
export type Entry = Pick<
  KnownMemory,
  | 'fact'
  | 'factHash'
  | 'subject'
  | 'attribute'
  | 'owner'
  | 'status'
  | 'statusReason'
  | 'observedAt'
  | 'validFrom'
  | 'sourceTurns'
  | 'newest'
> & { readonly ref: Ref; validTo: Date | null; supersededBy: Ref | null }

export type Changes = {
  /** Places of the facts that become memories. */
  readonly inserts: readonly { readonly fact: number; readonly validTo: Date | null }[]
  readonly observations: readonly { readonly memory: Ref; readonly fact: number }[]
  readonly ends: readonly { readonly memory: Ref; readonly by: Ref; readonly validTo: Date }[]
  readonly contradictions: readonly (readonly [Ref, Ref])[]
}

/** Works out what facts of one workstream change, oldest first. `relationOf` is asked about open memories of the same owner only. */
export function reconcile(
  facts: readonly NewMemory[],
  workstreamId: string,
  known: readonly KnownMemory[],
  relationOf: (fact: number, entry: Entry) => Relation | undefined,
): Changes {
  const entries: Entry[] = known.map(knownEntry)
  const ends = new Map<string, Changes['ends'][number]>()
  const changes = {
    inserts: [] as { fact: number; validTo: Date | null }[],
    observations: [] as { memory: Ref; fact: number }[],
    contradictions: [] as [Ref, Ref][],
  }
  for (const index of oldestFirst(facts)) {
    const fact = facts[index] as NewMemory
    const entry = entryOf(fact, index, workstreamId)
    const same = entries.find((other) => isSameFact(fact, other))
    if (same) {
      // What its turn does not prove is no observation of what another has proved.
      if (fact.status === 'active' || same.status !== 'active')
        changes.observations.push({ memory: same.ref, fact: index })
      continue
    }
    const related = fact.status === 'active' ? relatedEntries(index, entry, entries, relationOf) : []
    const twin = related.find(({ relation }) => relation === 'same')
    if (twin) {
      changes.observations.push({ memory: twin.other.ref, fact: index })
      continue
    }
    for (const { other, relation } of related) {
      const order = relation === 'replaces' && isAboutTheSame(entry, other) ? compareAge(entry, other) : 0
      if (order === 0) changes.contradictions.push([entry.ref, other.ref])
      else if (order > 0) end(other, entry.ref, entry.validFrom)
      else if (entry.validTo === null) placeBefore(other, entry)
    }
    entries.push(entry)
    changes.inserts.push({ fact: index, validTo: entry.validTo })
  }
  return { ...changes, ends: [...ends.values()] }

  /** The last end of a memory counts: a late fact may fall between it and what had ended it. */
  function end(older: Entry, by: Ref, at: Date) {
    older.validTo = at > older.validFrom ? at : older.validFrom
    older.supersededBy = by
    ends.set(JSON.stringify(older.ref), { memory: older.ref, by, validTo: older.validTo })
  }

  /** A fact that comes late is followed by what was next, and ends what had held until then, unless that was said again later. */
  function placeBefore(current: Entry, late: Entry) {
    const versions = entries
      .filter(isVersion)
      .filter((other) => isOwnedAlike(late.owner, other.owner) && isAboutTheSame(late, other))
    const holding = versions.find(({ validFrom, validTo }) => validFrom <= late.validFrom && late.validFrom < validTo)
    if (holding && compareAge(late, holding) > 0) {
      const { supersededBy, validTo } = holding
      end(holding, late.ref, late.validFrom)
      return end(late, supersededBy, validTo)
    }
    const later = versions.filter(({ validFrom }) => validFrom > late.validFrom)
    const next =
      holding ?? later.reduce<Entry>((first, one) => (one.validFrom < first.validFrom ? one : first), current)
    end(late, next.ref, next.validFrom)
  }
}

/** What held for a while, until another took its place. */
function isVersion(entry: Entry): entry is Entry & { validTo: Date; supersededBy: Ref } {
  return (
    entry.status === 'active' &&
    entry.supersededBy !== null &&
    entry.validTo !== null &&
    entry.validTo > entry.validFrom
  )
}

/**
 * The same words of the same owner, unless they were ended before they were said again: then they are a fact anew. What a person has rejected stays
 * so; what is only held, because its turn did not prove it, keeps nobody from proving it.
 */
export function isSameFact(fact: NewMemory, other: Entry | KnownMemory): boolean {
  if (!other.factHash.equals(fact.factHash) || !isOwnedAlike(fact.owner, other.owner)) return false
  if (isProvedBy(fact, other)) return false
  return (
    other.status !== 'active' ||
    other.validTo === null ||
    fact.observedAt < other.validTo ||
    fact.sources.some(({ turn }) => other.sourceTurns.includes(turn))
  )
}

type Held = Pick<NewMemory, 'factHash' | 'owner' | 'status' | 'statusReason'>

/** Whether a memory is held only because its turn did not prove it, and this fact, the same, is proved. */
export function isProvedBy(fact: NewMemory, held: Held): boolean {
  const isUnproved = held.status === 'quarantined' && held.statusReason === 'unquoted'
  return (
    isUnproved &&
    fact.status === 'active' &&
    held.factHash.equals(fact.factHash) &&
    isOwnedAlike(fact.owner, held.owner)
  )
}

/** Memories of different owners never meet. */
export function isOwnedAlike(a: MemoryOwner, b: MemoryOwner): boolean {
  return a.userId === b.userId && a.agentId === b.agentId && a.workstreamId === b.workstreamId
}

type About = { readonly subject: string | null; readonly attribute: string | null }

/** Whether both state the same property of the same subject. */
export function isAboutTheSame(a: About, b: About): boolean {
  if (a.subject === null || a.attribute === null || b.subject === null || b.attribute === null) return false
  return a.subject.toLowerCase() === b.subject.toLowerCase() && a.attribute.toLowerCase() === b.attribute.toLowerCase()
}

/** Whether a fact can be ended or joined: it is used, and nothing has ended it. */
export function isOpen(entry: Pick<Entry, 'status' | 'validTo'>): boolean {
  return entry.status === 'active' && entry.validTo === null
}

function relatedEntries(
  index: number,
  entry: Entry,
  entries: readonly Entry[],
  relationOf: (fact: number, entry: Entry) => Relation | undefined,
) {
  return entries.flatMap((other) => {
    if (!isOpen(other) || !isOwnedAlike(entry.owner, other.owner)) return []
    const relation = relationOf(index, other)
    return relation ? [{ other, relation }] : []
  })
}

/** By when they were last observed; within a workstream its order decides a tie. 0 where nothing tells. */
function compareAge(a: Entry, b: Entry): number {
  const order = a.observedAt.getTime() - b.observedAt.getTime()
  if (order !== 0 || a.newest?.workstreamId !== b.newest?.workstreamId) return order
  return (a.newest?.turn ?? 0) - (b.newest?.turn ?? 0)
}

/** A memory of the store as facts meet it. */
export function knownEntry(memory: KnownMemory): Entry {
  const { id, supersededBy } = memory
  return { ...memory, ref: { id }, supersededBy: supersededBy === null ? null : { id: supersededBy } }
}

/** A fact as the later ones meet it. */
export function entryOf(fact: NewMemory, index: number, workstreamId: string): Entry {
  const sourceTurns = fact.sources.map(({ turn }) => turn)
  return {
    ...fact,
    ref: { fact: index },
    validTo: null,
    supersededBy: null,
    sourceTurns,
    newest: { turn: Math.max(...sourceTurns), workstreamId },
  }
}

/** The order in which facts were said; the reading of a later one must find the earlier. */
export function oldestFirst(facts: readonly NewMemory[]): number[] {
  const turnOf = (index: number) => Math.max(...(facts[index]?.sources.map(({ turn }) => turn) ?? [0]))
  const timeOf = (index: number) => facts[index]?.observedAt.getTime() ?? 0
  return facts.map((_, index) => index).sort((a, b) => timeOf(a) - timeOf(b) || turnOf(a) - turnOf(b) || a - b)
}
