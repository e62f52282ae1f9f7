import { hashFact } from '../../shared/memory/hash-fact.ts'
import { statesSecret } from '../../shared/redact/states-secret.ts'
import type { MemoryOwner, NewMemory } from '../../shared/store/memories.ts'
import type { TurnRow } from '../../shared/store/turns.ts'
import type { ExtractedFact, ExtractFactsOutput } from './facts.ts'
import { isInstructionLike } from './instruction-like.ts'
import { languageOf } from './language-of.ts'
import { quoteLocator } from './locate-quote.ts'

/**
 * Owns what becomes of proposed facts, whoever proposed them. Dropped: what holds a secret, what no database takes, what names no turn of the
 * batch. Held for a review: what reads like an order to a model, and what its turn does not prove. All else is a memory.
 */

/** A turn, by the number that the model was given, with its messages as they were said. */
export type JudgedTurn = { readonly turn: TurnRow; readonly messages: readonly { readonly content: string }[] }

export type JudgedFacts = {
  readonly memories: readonly NewMemory[]
  /** Proposals that were dropped. */
  readonly dropped: number
}

/** Spaces, marks and invisible characters alone say nothing. */
const SHOWN = /[\p{L}\p{N}\p{S}]/u

/** What may be kept of an answer at all, be it only as a checkpoint. */
export function withoutForbidden(output: ExtractFactsOutput): ExtractFactsOutput {
  const isAllowed = (text: string) => isStorable(text) && !statesSecret(text)
  return {
    facts: output.facts.filter(({ fact, quote, subject, attribute }) =>
      [fact, quote, subject ?? '', attribute ?? ''].every(isAllowed),
    ),
  }
}

/** Facts that are the same once normalised, in the same scope, become one with all their turns. */
export function judgeFacts(facts: readonly ExtractedFact[], turns: readonly JudgedTurn[]): JudgedFacts {
  const judged = new Map<string, NewMemory & { sources: { turn: number; quote: string }[] }>()
  const locators = turns.map(({ messages }) => quoteLocator(messages.map(({ content }) => content)))
  let dropped = 0
  for (const fact of facts) {
    const said = turns[fact.turn]
    if (!said || !SHOWN.test(fact.fact)) {
      dropped += 1
      continue
    }
    const memory = judge(fact, said.turn, locators[fact.turn]?.(fact.quote))
    const key = JSON.stringify([memory.factHash.toString('hex'), memory.owner, memory.statusReason])
    const known = judged.get(key)
    if (!known) judged.set(key, memory)
    else if (known.sources.every((source) => source.turn !== said.turn.id)) known.sources.push(...memory.sources)
  }
  return { memories: [...judged.values()], dropped }
}

/** `quote` is the piece of the turn that the fact's quote copies, if it copies one. */
function judge(fact: ExtractedFact, turn: TurnRow, quote: string | undefined) {
  const isOrder = [fact.fact, fact.quote, fact.subject ?? '', fact.attribute ?? ''].some(isInstructionLike)
  const reason = isOrder ? 'instruction-like' : quote === undefined ? 'unquoted' : undefined
  return {
    fact: fact.fact,
    factHash: hashFact(fact.fact),
    kind: fact.kind,
    subject: fact.subject,
    attribute: fact.subject === null ? null : fact.attribute,
    importance: fact.importance,
    language: languageOf(fact.fact) ?? null,
    owner: ownerOf(turn),
    observedAt: turn.occurredAt,
    validFrom: fact.when === null ? turn.occurredAt : onDay(fact.when, turn.occurredAt),
    status: reason === undefined ? ('active' as const) : ('quarantined' as const),
    statusReason: reason ?? null,
    sources: [{ turn: turn.id, quote: quote ?? '' }],
  }
}

/** Models write 9999 for what has no end. */
const MAX_YEARS_AHEAD = 100

/** A fact of the day on which it is told holds from then on, not from midnight. */
function onDay(day: string, toldAt: Date): Date {
  const at = new Date(`${day}T00:00:00Z`)
  const isPlausible = at.getUTCFullYear() <= toldAt.getUTCFullYear() + MAX_YEARS_AHEAD
  return toldAt.toISOString().startsWith(day) || !isPlausible ? toldAt : at
}

function ownerOf(turn: TurnRow): MemoryOwner {
  return {
    userId: turn.scope === 'user' ? turn.userId : null,
    agentId: turn.scope === 'agent' ? turn.agentId : null,
    workstreamId: turn.scope === 'workstream' ? turn.workstreamId : null,
  }
}

/** PostgreSQL takes neither NUL nor half a surrogate pair; a model that writes them has broken this fact only. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
