import type { NewMemory } from '../shared/store/memories/memories.ts'
import type { KnownMemory } from '../shared/store/memories/memory-changes.ts'
import type { TurnRow } from '../shared/store/turns/turns.ts'
import type { ExtractFactsOutput, TurnText } from '../workers/memory/facts/facts.ts'
import { judgeFacts } from '../workers/memory/facts/judge-facts.ts'
import { readableText } from '../workers/memory/facts/readable-text.ts'
import { type Ref, reconcile } from '../workers/memory/reconciliation/reconcile.ts'
import { reconcileFacts } from '../workers/memory/reconciliation/reconcile-facts.ts'
import type { Truth } from './truths.ts'

/** Owns remembering a conversation without services: the product's own extraction, checks and reconciliation, over memories in an array. */

export type Remembered = Pick<NewMemory, 'fact' | 'kind' | 'validFrom'>

type Kept = KnownMemory & { readonly kind: string }
const WORKSTREAM = 'talk'

/** What holds at the end of a conversation; `extract` proposes the facts of a turn. */
export function remember(truth: Truth, extract: (turn: TurnText) => ExtractFactsOutput): Remembered[] {
  const kept: Kept[] = []
  for (const [index, said] of truth.turns.entries()) {
    const turn = turnRow(index + 1, said)
    const message = turn.messages[0] as TurnRow['messages'][number]
    const text = readableText(message.content)
    if (text === '') continue
    const { role, at, timeZone } = said
    const { facts } = extract({ turn: 0, at, timeZone, speaker: message.name ?? role, role, text })
    const { memories } = judgeFacts(facts, [{ turn, messages: [message] }])
    apply(memories, kept)
  }
  return kept.filter(({ status, validTo }) => status === 'active' && validTo === null)
}

function turnRow(id: number, { role, text, at, timeZone }: Truth['turns'][number]): TurnRow {
  const name = role === 'user' ? 'Maya' : null
  const messages = [{ role, name, content: text }]
  const key = { workstreamId: WORKSTREAM, turnId: `t${id}`, userId: 'u1', agentId: null, scope: 'user' as const }
  return { ...key, id, seq: id, occurredAt: at, timeZone, attempts: 1, messages }
}

function apply(facts: readonly NewMemory[], kept: Kept[]): void {
  const changes = reconcile(facts, WORKSTREAM, kept, (fact, entry) => {
    const [statement, memory] = [facts[fact] as NewMemory, entry]
    const input = { facts: [{ ...statement, said: '', candidates: [0] }], memories: [{ ...memory, said: '' }] }
    const relation = reconcileFacts.rules(input).decisions[0]?.relation
    return relation === 'unrelated' ? undefined : relation
  })
  const ids = new Map<number, number>()
  for (const { fact, validTo } of changes.inserts) {
    const memory = facts[fact] as NewMemory
    const sourceTurns = memory.sources.map(({ turn }) => turn)
    const newest = { turn: Math.max(...sourceTurns), workstreamId: WORKSTREAM }
    ids.set(fact, kept.length + 1)
    kept.push({ ...memory, id: kept.length + 1, validTo, supersededBy: null, sourceTurns, newest })
  }
  const idOf = (ref: Ref) => ('id' in ref ? ref.id : ids.get(ref.fact))
  for (const { memory, validTo } of changes.ends) {
    const place = kept.findIndex(({ id }) => id === idOf(memory))
    if (place >= 0) kept[place] = { ...(kept[place] as Kept), validTo }
  }
}
