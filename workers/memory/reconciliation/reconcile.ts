import type { MemoryOwner, NewMemory } from '../../../shared/store/memories/memories.ts'
import type { KnownMemory, Saying } from '../../../shared/store/memories/memory-changes.ts'
import { areKnownApart } from '../facts/fact-subject.ts'
import { belongsTo, compareSayings, firstAfter, isBeforeEnd, splitSpan, startOf } from './timeline.ts'

/**
 * Owns what new facts do to the memories that are known: pure, so that what was planned outside the lock is worked out again inside it.
 * Guarantees: doing it twice is doing it once; the order in which facts come changes nothing, only when they were said; facts of people or things that
 * are known to be different never meet; nothing is deleted.
 */

/** How a new fact stands to another: it says the same, it takes the place, or both cannot be true and nothing tells which is. */
export type Relation = 'same' | 'replaces' | 'contradicts'

/** A memory in the store by its id, a new fact by its index, or a part of a memory that is split, by its index in `splits`. */
export type FactRef = { readonly id: number } | { readonly factIndex: number } | { readonly split: number }

/** What a fact is compared with. */
export type ComparedFact = Pick<
  KnownMemory,
  'fact' | 'factHash' | 'subject' | 'subjectKey' | 'attribute' | 'owner' | 'status' | 'statusReason' | 'observedAt'
> & { readonly ref: FactRef }

export type Changes = {
  /** The facts that become memories. */
  readonly inserts: readonly ({
    readonly factIndex: number
    readonly validFrom: Date
    readonly validTo: Date | null
  } & Pick<NewMemory, 'subject' | 'subjectKey' | 'attribute'>)[]
  /** Memories of which some sayings become a memory of their own, for others replaced them in between. */
  readonly splits: readonly {
    readonly ref: FactRef
    readonly memory: number
    readonly turns: readonly number[]
    readonly validFrom: Date
    readonly validTo: Date | null
  }[]
  readonly observations: readonly { readonly memory: FactRef; readonly factIndex: number }[]
  readonly ends: readonly { readonly memory: FactRef; readonly by: FactRef; readonly validTo: Date }[]
  /** Known memories that began at another time than was known. */
  readonly starts: readonly { readonly memory: number; readonly validFrom: Date }[]
  readonly contradictions: readonly (readonly [FactRef, FactRef])[]
}

/** Undefined: nobody has decided it yet, and nothing changes. */
export type RelationOf = (factIndex: number, entry: ComparedFact) => Relation | 'unrelated' | undefined

/** A memory, a part of one, or a fact on its way to be one. */
type Version = ComparedFact & {
  readonly stored: KnownMemory | undefined
  readonly storedEnd: Saying | undefined
  sayings: readonly Saying[]
  end: Saying | undefined
}

/** Works out what facts change. `relationOf` is asked about active memories and facts of the same owner only. */
export function reconcile(facts: readonly NewMemory[], known: readonly KnownMemory[], relationOf: RelationOf): Changes {
  const versions = known.map((memory) => knownVersion(memory, known))
  const sayings = new Map<Saying, number>()
  const observations: { memory: FactRef; factIndex: number }[] = []
  const contradictions: (readonly [Saying, Saying])[] = []
  const corrections = new Set<Saying>()
  for (const index of oldestFirst(facts)) {
    const fact = facts[index] as NewMemory
    const saying = sayingOf(fact)
    const settled = versions.find((other) => isSettledBy(fact, saying, other))
    if (settled) {
      // What its turn does not prove is no observation of what another has proved.
      if (fact.status === 'active' || settled.status !== 'active')
        observations.push({ memory: settled.ref, factIndex: index })
      continue
    }
    const corrected = fact.corrects && versions.find((other) => isCorrectedBy(fact, other))
    if (fact.corrects && !corrected) continue
    sayings.set(saying, index)
    if (corrected) corrections.add(saying)
    const entry = entryOf(fact, index)
    const version = { ...entry, stored: undefined, storedEnd: undefined, sayings: [saying], end: undefined }
    if (fact.status === 'active') place(index, version, saying)
    else versions.push(version)
  }
  return changesOf(versions, sayings, corrections, observations, contradictions)

  function place(index: number, version: Version, saying: Saying): void {
    const peers = versions.filter(({ status, owner }) => status === 'active' && isOwnedAlike(version.owner, owner))
    const ownWords = peers.filter(({ factHash }) => factHash.equals(version.factHash))
    const related = peers.flatMap((other) => {
      const isOver = !isBeforeEnd(saying, other) && firstAfter(saying, other.sayings) === undefined
      if (isOver || ownWords.includes(other) || areKnownApart(version.subjectKey, other.subjectKey)) return []
      const relation = relationTo(index, ownWords, other)
      return relation === undefined || relation === 'unrelated' ? [] : [{ other, relation }]
    })
    const twin = ownWords.length > 0 ? undefined : related.find(({ relation }) => relation === 'same')?.other
    const alike = twin ? peers.filter(({ factHash }) => factHash.equals(twin.factHash)) : ownWords
    const rivals = related.filter(({ other }) => !alike.includes(other))
    const replaced = rivals.flatMap(({ other, relation }) => (relation === 'replaces' ? [other] : []))
    const next = firstAfter(
      saying,
      replaced.flatMap((other) => other.sayings),
    )
    const home = alike.toSorted(openFirst).find((other) => belongsTo(saying, other, next))
    if (home) home.sayings = [...home.sayings, saying]
    else versions.push({ ...version, ...aboutOf(version, replaced), end: next })
    for (const { other, relation } of rivals) {
      const isUnclear = other.end === undefined && relation !== 'same' && !replaced.includes(other)
      const against = replaced.includes(other) ? tiesWith(saying, other) : isUnclear ? other.sayings.slice(-1) : []
      for (const one of against) contradictions.push([saying, one])
    }
    for (const other of replaced) cut(other, saying)
  }

  /** A correction meets only what it corrects. */
  function relationTo(index: number, ownWords: readonly Version[], other: Version): ReturnType<RelationOf> {
    const fact = facts[index] as NewMemory
    if (fact.corrects) return isCorrectedBy(fact, other) ? 'replaces' : 'unrelated'
    return decidedBefore(ownWords, other) ?? relationOf(index, other)
  }

  /** Ends a version at a saying that replaces it; what was said of it later is a version of its own. */
  function cut(version: Version, saying: Saying): void {
    const { before, rest } = splitSpan(version, saying)
    if (before.length === 0) return
    const isStored = (part: readonly Saying[]) => part.some((one) => !sayings.has(one))
    const ended = { sayings: before, end: saying }
    const later = { sayings: rest, end: version.end }
    // The row stays with what was stored of it.
    const [kept, other] = isStored(before) || !isStored(rest) ? [ended, later] : [later, ended]
    if (rest.length > 0) {
      const ref = isStored(other.sayings)
        ? { split: versions.length }
        : { factIndex: sayings.get(other.sayings[0] as Saying) as number }
      versions.push({ ...version, ...other, ref, stored: 'split' in ref ? version.stored : undefined })
    }
    Object.assign(version, kept)
    for (const peer of rest.length > 0 ? versions : [])
      if (isAboutTheSame(peer, version) && !peer.factHash.equals(version.factHash))
        for (const one of rest) for (const tied of tiesWith(one, peer)) contradictions.push([one, tied])
  }
}

/** Writes down what became of all versions. */
function changesOf(
  versions: readonly Version[],
  facts: ReadonlyMap<Saying, number>,
  corrections: ReadonlySet<Saying>,
  observations: { memory: FactRef; factIndex: number }[],
  contradictions: readonly (readonly [Saying, Saying])[],
): Changes {
  const placeOf = new Map(versions.flatMap((version) => version.sayings.map((saying) => [saying, version] as const)))
  const refOf = (saying: Saying) => (placeOf.get(saying) as Version).ref
  const changes = {
    inserts: [] as Changes['inserts'][number][],
    splits: [] as { ref: FactRef; memory: number; turns: number[]; validFrom: Date; validTo: Date | null }[],
    ends: [] as { memory: FactRef; by: FactRef; validTo: Date }[],
    starts: [] as { memory: number; validFrom: Date }[],
  }
  for (const version of versions) {
    const { ref, stored, end } = version
    const isSaidAlike = version.sayings === stored?.sayings
    const validFrom = stored && isSaidAlike ? stored.validFrom : startOf(version.sayings)
    const isEndedAsSaid = isTimeItself(version) || (end && corrections.has(end))
    const endsAt = end && (isEndedAsSaid ? end.saidAt : end.validFrom)
    const validTo = endsAt && (endsAt > validFrom ? endsAt : validFrom)
    const { subject, subjectKey, attribute } = version
    if ('factIndex' in ref)
      changes.inserts.push({
        factIndex: ref.factIndex,
        subject,
        subjectKey,
        attribute,
        validFrom,
        validTo: validTo ?? null,
      })
    else if ('split' in ref) {
      const turns = version.sayings.filter((saying) => !facts.has(saying)).map(({ turn }) => turn)
      changes.splits.push({ ref, memory: stored?.id as number, turns, validFrom, validTo: validTo ?? null })
    } else if (+validFrom !== stored?.validFrom.getTime()) changes.starts.push({ memory: ref.id, validFrom })
    const by = end && placeOf.get(end)?.ref
    const isEndedAlike = end === version.storedEnd && by !== undefined && 'id' in by && by.id === stored?.supersededBy
    if (validTo && by && !('id' in ref && isSaidAlike && isEndedAlike)) changes.ends.push({ memory: ref, by, validTo })
  }
  for (const [saying, factIndex] of facts) {
    const memory = refOf(saying)
    if (!('factIndex' in memory) || memory.factIndex !== factIndex) observations.push({ memory, factIndex })
  }
  return { ...changes, observations, contradictions: contradictions.map(([a, b]) => [refOf(a), refOf(b)] as const) }
}

/** What a fact states is called as in what it replaces, or the next one would be about something else. */
function aboutOf(fact: ComparedFact, replaced: readonly ComparedFact[]) {
  const canonical = replaced.find((other) => other.subjectKey !== null && other.attribute !== null)
  const { subject, subjectKey, attribute } = canonical ?? fact
  return { subject, subjectKey, attribute }
}

const TIMES = new Set(['date', 'day', 'time', 'deadline', 'due', 'schedule', 'appointment', 'start', 'end'])

/** A property whose value is a time has changed when that was said, not when the time comes. */
function isTimeItself({ attribute }: ComparedFact): boolean {
  const words = attribute?.toLowerCase().split(/[ _-]/) ?? []
  return words.some((word) => TIMES.has(word))
}

/** What two memories were to each other when both were stored holds; nobody has to decide it again. */
function decidedBefore(alike: readonly Version[], other: Version): 'replaces' | 'unrelated' | undefined {
  const rival = other.stored
  if (!rival) return undefined
  for (const { stored } of alike) {
    if (!stored) continue
    const isReplaced = (a: KnownMemory, b: KnownMemory) =>
      a.supersededBy === b.id && a.validTo && a.validTo > a.validFrom
    if (isReplaced(stored, rival) || isReplaced(rival, stored)) return 'replaces'
    const isTied = stored.sayings.some((one) => rival.sayings.some((another) => compareSayings(one, another) === 0))
    if (stored.validTo === null && rival.validTo === null && !isTied) return 'unrelated'
  }
  return undefined
}

/**
 * Whether a fact only adds to what is there: its turn has said it before, or the same words are held. What a person has rejected stays so; what is
 * only held, because its turn did not prove it, keeps nobody from proving it.
 */
function isSettledBy(fact: NewMemory, saying: Saying, other: Version): boolean {
  if (!other.factHash.equals(fact.factHash) || !isOwnedAlike(fact.owner, other.owner)) return false
  if (isProvedBy(fact, other)) return false
  if (other.status !== 'active' || other.sayings.some(({ turn }) => turn !== 0 && turn === saying.turn)) return true
  return fact.status !== 'active' && isBeforeEnd(saying, other)
}

/** True if it is what the fact corrects: it still holds, and was said where the fact says. */
function isCorrectedBy({ corrects, owner }: NewMemory, other: Version): boolean {
  return (
    corrects !== undefined &&
    other.status === 'active' &&
    other.end === undefined &&
    other.factHash.equals(corrects.factHash) &&
    isOwnedAlike(owner, other.owner) &&
    other.sayings.some(({ turn }) => turn === corrects.turn)
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

type About = { readonly subjectKey: string | null; readonly attribute: string | null }

/** Whether both state the same property of the same subject. */
export function isAboutTheSame(a: About, b: About): boolean {
  if (a.subjectKey === null || a.attribute === null || b.attribute === null) return false
  return a.subjectKey === b.subjectKey && a.attribute.toLowerCase() === b.attribute.toLowerCase()
}

/** A memory of the store as facts meet it, among the others that were read. */
function knownVersion(memory: KnownMemory, known: readonly KnownMemory[]): Version {
  const { id, validTo, supersededBy } = memory
  const end =
    validTo === null
      ? undefined
      : (endIn(
          memory,
          known.find((one) => one.id === supersededBy),
        ) ?? endAt(validTo))
  return { ...memory, ref: { id }, stored: memory, storedEnd: end, end }
}

function endIn({ sayings }: KnownMemory, successor: KnownMemory | undefined): Saying | undefined {
  const last = sayings.toSorted(compareSayings).at(-1)
  return last && successor && firstAfter(last, successor.sayings)
}

/** What ended a memory where no saying did that was read. */
function endAt(at: Date): Saying {
  return { turn: 0, saidAt: at, validFrom: at }
}

/** A fact as the later ones meet it. */
export function entryOf(fact: NewMemory, index: number): ComparedFact {
  return { ...fact, ref: { factIndex: index } }
}

function sayingOf({ sources, observedAt, validFrom }: NewMemory): Saying {
  return { turn: Math.max(0, ...sources.map(({ turn }) => turn)), saidAt: observedAt, validFrom }
}

/** Sayings of a version that nothing tells apart from one in time. */
function tiesWith(saying: Saying, { sayings }: Version): Saying[] {
  return sayings.filter((one) => compareSayings(one, saying) === 0)
}

function openFirst(a: Version, b: Version): number {
  return Number(a.end !== undefined) - Number(b.end !== undefined)
}

/** The order in which facts were said; the reading of a later one must find the earlier. */
function oldestFirst(facts: readonly NewMemory[]): number[] {
  const sayings = facts.map((fact) => sayingOf(fact))
  return facts
    .map((_, index) => index)
    .sort((a, b) => compareSayings(sayings[a] as Saying, sayings[b] as Saying) || a - b)
}
