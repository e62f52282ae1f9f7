import { hashFact } from '../../../shared/memory/hash-fact.ts'
import { isStorable } from '../../../shared/parse-input.ts'
import { isRedacted } from '../../../shared/redact/redact-secrets.ts'
import { statesSecret } from '../../../shared/redact/states-secret.ts'
import type { MemoryOwner, NewMemory } from '../../../shared/store/memories/memories.ts'
import type { TurnRow } from '../../../shared/store/turns/turns.ts'
import { speakerName } from '../local-rules/fact-wording.ts'
import { isProvedBy } from '../reconciliation/reconcile.ts'
import { dayNamed, withDates } from './fact-dates.ts'
import type { ExtractedFact, ExtractFactsOutput } from './facts.ts'
import { isInstructionLike } from './instruction-like.ts'
import { naturalLanguageOf } from './language-of.ts'
import { quoteLocator } from './locate-quote.ts'

/**
 * Owns what becomes of proposed facts, whoever proposed them. Dropped: what holds a secret, what no database takes, what names no turn of the
 * batch. Held for a review: what reads like an order to a model, and what its turn does not prove. All else is a memory.
 */

/** A turn, by the number that the model was given, with its messages as they were said. */
export type JudgedTurn = {
  readonly turn: TurnRow
  readonly messages: readonly { readonly role: string; readonly name?: string | null; readonly content: string }[]
}

export type JudgedFacts = {
  readonly memories: readonly NewMemory[]
  /** Proposals that were dropped. */
  readonly dropped: number
}

/** Spaces, marks and invisible characters alone say nothing. */
const SHOWN = /[\p{L}\p{N}\p{S}]/u

/** What may be kept of an answer at all, be it only as a checkpoint. A text that no database takes has broken its fact only. */
export function withoutForbidden(output: ExtractFactsOutput): ExtractFactsOutput {
  const isAllowed = (text: string) => isStorable(text) && !statesSecret(text)
  return {
    facts: output.facts.filter(({ fact, quote, subject, attribute }) => {
      const stated = [fact, subject ?? '', attribute ?? '']
      // A quote may be longer than its fact; the fact itself says nothing without what was taken out.
      return [...stated, quote].every(isAllowed) && !stated.some(isRedacted)
    }),
  }
}

/** Of facts of one turn that are the same once normalised the first that is proved counts. Those of several turns are joined where their order is seen. */
export function judgeFacts(facts: readonly ExtractedFact[], turns: readonly JudgedTurn[]): JudgedFacts {
  const judged = new Map<string, NewMemory>()
  const locators = turns.map(({ messages }) => quoteLocator(messages.map(({ content }) => content)))
  let dropped = 0
  for (const fact of facts) {
    const said = turns[fact.turn]
    if (!said || !SHOWN.test(fact.fact)) {
      dropped += 1
      continue
    }
    const memory = judge(fact, said, locators[fact.turn]?.(fact.quote))
    const key = `${said.turn.id} ${memory.factHash.toString('hex')}`
    const known = judged.get(key)
    if (!known || (known.status !== 'active' && memory.status === 'active')) judged.set(key, memory)
  }
  // What another turn proves need not be held for the one that does not.
  const proved = Map.groupBy(judged.values(), ({ factHash }) => factHash.toString('hex'))
  const isProved = (held: NewMemory) =>
    proved.get(held.factHash.toString('hex'))?.some((other) => isProvedBy(other, held)) === true
  return { memories: [...judged.values()].filter((memory) => !isProved(memory)), dropped }
}

/** `quote` is the piece of the turn that the fact's quote copies, if it copies one. */
function judge(fact: ExtractedFact, { turn, messages }: JudgedTurn, quote: string | undefined) {
  const subject = subjectNamed(fact.subject ?? '', messages) || null
  const text = datedFact(fact.fact, turn.occurredAt)
  const when = fact.when ?? dayNamed(fact.fact, turn.occurredAt)
  const isOrder = [fact.fact, fact.quote, fact.subject ?? '', fact.attribute ?? ''].some(isInstructionLike)
  const reason = isOrder ? 'instruction-like' : quote === undefined ? 'unquoted' : undefined
  return {
    fact: text,
    factHash: hashFact(text),
    kind: fact.kind,
    subject,
    attribute: subject === null ? null : attributeNamed(fact.attribute ?? '') || null,
    importance: fact.importance,
    language: naturalLanguageOf(fact.fact) ?? null,
    owner: ownerOf(turn),
    observedAt: turn.occurredAt,
    validFrom: when === undefined ? turn.occurredAt : onDay(when, turn.occurredAt),
    status: reason === undefined ? ('active' as const) : ('quarantined' as const),
    statusReason: reason ?? null,
    sources: [{ turn: turn.id, quote: quote ?? '' }],
  }
}

const SPEAKER = /^(?:i|me|myself|(?:the )?(?:speaker|user|human))$/i

/** Models call who speaks by many words; by one of them, or what is said later would be about somebody else. */
function subjectNamed(subject: string, messages: JudgedTurn['messages']): string {
  if (!SPEAKER.test(subject.trim())) return subject.trim()
  const names = new Set(
    messages.flatMap(({ role, name }) => (role === 'user' ? [speakerName(name ?? role, role)] : [])),
  )
  const [only] = names
  return names.size === 1 && only ? only : speakerName('', 'user')
}

/** `favorite_color` is the favourite colour. */
function attributeNamed(attribute: string): string {
  const words = attribute
    .replace(/[\s_-]+/g, ' ')
    .trim()
    .toLowerCase()
  return words.replace(/\bfavorite\b/, 'favourite').replace(/\bcolor\b/, 'colour')
}

/** What a model has left at "yesterday" would mean another day tomorrow, and be the same fact as the one of another day. */
function datedFact(fact: string, saidAt: Date): string {
  return /\b\d{4}\b/.test(fact) ? fact : withDates(fact, saidAt)
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
