import type { NewMemory } from '../../shared/store/memories/memories.ts'
import type { KnownMemory, Saying } from '../../shared/store/memories/memory-changes.ts'
import type { OpenTask } from '../../shared/store/memories/open-tasks.ts'
import type { TurnRow } from '../../shared/store/turns/turns.ts'
import { correctionsIn, isCorrection } from '../../workers/memory/extraction/turn-corrections.ts'
import { doneIn, endingsIn, isAskedToForget } from '../../workers/memory/facts/endings.ts'
import type { ExtractFactsOutput, TurnText } from '../../workers/memory/facts/facts.ts'
import { type JudgedTurn, judgeFacts } from '../../workers/memory/facts/judge-facts.ts'
import { readableText } from '../../workers/memory/facts/readable-text.ts'
import { tasksEndedBy } from '../../workers/memory/reconciliation/end-done.ts'
import { namedBy } from '../../workers/memory/reconciliation/end-named.ts'
import { type FactRef, reconcile } from '../../workers/memory/reconciliation/reconcile.ts'
import { relationByRules } from '../../workers/memory/reconciliation/reconcile-facts.ts'
import type { Truth } from '../inputs/truths.ts'

/**
 * Owns remembering a conversation without services: the product's own extraction, checks and reconciliation, over memories in an array, and what
 * speakers say is done, called off or to be forgotten. It does not search for what a wish to forget means in other words.
 */

export type Remembered = Pick<NewMemory, 'fact' | 'kind' | 'validFrom'>

type Kept = KnownMemory & { readonly kind: string }
const WORKSTREAM = 'talk'
/** The speaker of a user's turn that names nobody. */
const SPEAKER = 'Maya'

/** What holds at the end of a conversation; `extract` proposes the facts of a turn. */
export function remember(truth: Truth, extract: (turn: TurnText) => ExtractFactsOutput): Remembered[] {
  const kept: Kept[] = []
  const turns: JudgedTurn[] = []
  for (const [index, said] of truth.turns.entries()) {
    const turn = turnRow(index + 1, said)
    const message = turn.messages[0] as TurnRow['messages'][number]
    const text = readableText(message.content)
    if (text === '') continue
    const { role, at, timeZone } = said
    const endings = endingsIn(turn, [message])
    const { facts } = extract({ turn: 0, at, timeZone, speaker: message.name ?? role, role, text })
    const judged = { turn, messages: [message] }
    const corrections = correctionsIn(judged, turns)
    const stated = facts.filter(
      ({ quote }) => !isAskedToForget(quote, turn.id, endings) && !isCorrection(quote, turn.id, corrections),
    )
    const { memories } = judgeFacts(stated, [judged])
    apply([...memories, ...corrections.map(({ memory }) => memory)], kept)
    turns.push(judged)
    const current = kept.filter(({ status, validTo }) => status === 'active' && validTo === null)
    const ofSpeaker = current.filter(({ owner }) => owner.userId === turn.userId)
    const forgotten = endings.flatMap((ending) => namedBy(ending, ofSpeaker).map(({ id }) => id))
    end([...forgotten, ...tasksEndedBy(doneIn(turn, [message]), ofSpeaker.flatMap(openTask))], at, kept)
  }
  return kept.filter(({ status, validTo }) => status === 'active' && validTo === null)
}

function turnRow(id: number, { role, text, at, timeZone, speaker = SPEAKER }: Truth['turns'][number]): TurnRow {
  const messages = [{ role, name: role === 'user' ? speaker : null, content: text }]
  const key = { workstreamId: WORKSTREAM, turnId: `t${id}`, userId: speaker, agentId: null, scope: 'user' as const }
  return { ...key, id, seq: id, occurredAt: at, saidAt: at, timeZone, attempts: 1, messages }
}

function openTask({ id, fact, kind, subject, observedAt, validFrom, sayings }: Kept): OpenTask[] {
  if (kind !== 'task' && kind !== 'event') return []
  const turns = sayings.map(({ turn }) => turn)
  return [{ id, fact, kind, subject, observedAt, isAhead: validFrom > observedAt, turns }]
}

function end(ids: readonly number[], at: Date, kept: Kept[]): void {
  for (const [place, memory] of kept.entries()) if (ids.includes(memory.id)) kept[place] = { ...memory, validTo: at }
}

function apply(facts: readonly NewMemory[], kept: Kept[]): void {
  const changes = reconcile(facts, kept, (index, entry) => relationByRules(facts[index] as NewMemory, entry))
  const ids = new Map<FactRef | number, number>()
  const add = (ref: FactRef | number, memory: Omit<Kept, 'id'>) => {
    ids.set(ref, kept.length + 1)
    kept.push({ ...memory, id: kept.length + 1 })
  }
  for (const { factIndex, ...valid } of changes.inserts) {
    const memory = facts[factIndex] as NewMemory
    add(factIndex, { ...memory, ...valid, supersededBy: null, sayings: sayingsOf(memory) })
  }
  for (const { ref, memory, turns, ...valid } of changes.splits) {
    const whole = kept.find(({ id }) => id === memory) as Kept
    add(ref, {
      ...whole,
      ...valid,
      supersededBy: null,
      sayings: whole.sayings.filter(({ turn }) => turns.includes(turn)),
    })
    replace(memory, ({ sayings }) => ({ sayings: sayings.filter(({ turn }) => !turns.includes(turn)) }))
  }
  for (const { memory, factIndex } of changes.observations)
    replace(idOf(memory), ({ sayings }) => ({ sayings: [...sayings, ...sayingsOf(facts[factIndex] as NewMemory)] }))
  for (const { memory, validFrom } of changes.starts) replace(memory, () => ({ validFrom }))
  for (const { memory, by, validTo } of changes.ends) replace(idOf(memory), () => ({ validTo, supersededBy: idOf(by) }))

  function idOf(ref: FactRef): number {
    return 'id' in ref ? ref.id : (ids.get('factIndex' in ref ? ref.factIndex : ref) as number)
  }
  function replace(id: number, change: (memory: Kept) => Partial<Kept>): void {
    const place = kept.findIndex((one) => one.id === id)
    const memory = kept[place]
    if (memory) kept[place] = { ...memory, ...change(memory) }
  }
}

function sayingsOf({ sources, observedAt, validFrom }: NewMemory): Saying[] {
  return sources.map(({ turn }) => ({ turn, saidAt: observedAt, validFrom }))
}
