import type { DroppedFact, HeldReason } from '../../../shared/fact-verdicts.ts'
import { hashFact } from '../../../shared/memory/hash-fact.ts'
import { isStorable } from '../../../shared/parse-input.ts'
import { isRedacted } from '../../../shared/redact/redact-secrets.ts'
import { statesSecret } from '../../../shared/redact/states-secret.ts'
import type { MemoryOwner, NewMemory } from '../../../shared/store/memories/memories.ts'
import type { TurnRow } from '../../../shared/store/turns/turns.ts'
import { DEFAULT_TIME_ZONE, startOfDay, wallClock } from '../../../shared/time-zone.ts'
import { saidIn } from '../local-rules/fact-attributes.ts'
import { sentenceAround } from '../local-rules/fact-sentences.ts'
import { quoteFact, speakerName } from '../local-rules/fact-wording.ts'
import { isProvedBy } from '../reconciliation/reconcile.ts'
import { besideProperty, hasMostOf } from './beside-property.ts'
import { dayNamed, isoDay, withDates } from './dates/fact-dates.ts'
import { isToldLater } from './dates/told-later.ts'
import { endOfEvent } from './event-end.ts'
import { subjectOf } from './fact-subject.ts'
import type { ExtractedFact, ExtractFactsOutput } from './facts.ts'
import { isInstructionLike } from './injection/prompt-injection.ts'
import { type LocatedQuote, type QuotedMessage, quoteLocator } from './locate-quote.ts'
import { naturalLanguageOf } from './natural-language.ts'
import { clauseOf, isOfSomebodyElse, isOnlyPlanned, pieceOf } from './only-planned.ts'
import { foreignShare, foreignSpans } from './own-words.ts'

/**
 * Owns what becomes of proposed facts, whoever proposed them. Dropped: what holds a secret, what no database takes, what says nothing, what names
 * no turn of the batch. Held for a review: what reads like an order to a model, what its turn does not prove, and what somebody else's words say of the speaker.
 * All else is a memory.
 */

/** A turn, by the number that the model was given, with its messages as they were said. */
export type JudgedTurn = {
  readonly turn: TurnRow
  readonly messages: readonly { readonly role: string; readonly name?: string | null; readonly content: string }[]
}

type JudgedFacts = {
  readonly memories: readonly NewMemory[]
  /** Proposals that were dropped; what names no turn of the batch is none of any turn. */
  readonly dropped: readonly DroppedFact[]
}

/** Spaces, marks and invisible characters alone say nothing. */
const SHOWN = /[\p{L}\p{N}\p{S}]/u

/** Stands in place of a forbidden fact, so that its turn can say that there was one. */
const WITHHELD = '[…]'

/** A quote with less of its own than this is what somebody else says. */
const MAX_FOREIGN_SHARE = 0.5
/** What an assistant may establish for somebody; who people are and what they like they say themselves. */
const ESTABLISHED_KINDS: readonly string[] = ['task', 'event', 'decision']
const FIRST_PERSON =
  /(?<!\p{L})(?:I|my|me|ich|mein\p{L}*|je|mon|ma|yo|mi|eu|meu|minha|io|mio|mia|ik|mijn|ja|mój|moja|я|мой|моя|ben|benim)(?!\p{L})|我|私|저는|أنا|मैं/iu

/** What may be kept of an answer at all, be it only as a checkpoint. A text that no database takes has broken its fact only. */
export function withoutForbidden(output: ExtractFactsOutput): ExtractFactsOutput {
  const isAllowed = (text: string) => isStorable(text) && !statesSecret(text)
  return {
    facts: output.facts.map((one) => {
      const stated = [one.fact, one.subject ?? '', one.attribute ?? '']
      // A quote may be longer than its fact; the fact itself says nothing without what was taken out.
      const isKept = [...stated, one.quote].every(isAllowed) && !stated.some(isRedacted)
      return isKept ? one : { ...one, fact: WITHHELD, quote: '', subject: null, attribute: null }
    }),
  }
}

/** Of facts of one turn that are the same once normalised the first that is proved counts. Those of several turns are joined where their order is seen. */
export function judgeFacts(facts: readonly ExtractedFact[], turns: readonly JudgedTurn[]): JudgedFacts {
  const judged = new Map<string, NewMemory>()
  const quoted = turns.map(({ messages }) => messages.map(quotedMessage))
  const locators = quoted.map(quoteLocator)
  const dropped: DroppedFact[] = []
  for (const fact of [...facts, ...facts.flatMap((one) => whatStandsBeside(one, facts, turns, locators))]) {
    const said = turns[fact.turn]
    if (!said) continue
    if (!SHOWN.test(fact.fact)) {
      dropped.push({ turn: said.turn.id, reason: fact.fact === WITHHELD ? 'secret' : 'wordless' })
      continue
    }
    const memory = judge(fact, said, quoted[fact.turn] ?? [], locators[fact.turn]?.(fact.quote, fact.fact))
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

/** What a compound fact of a replaceable property says beside it, as a memory of its own, if no other fact says it: it outlives the property. */
function whatStandsBeside(
  fact: ExtractedFact,
  facts: readonly ExtractedFact[],
  turns: readonly JudgedTurn[],
  locators: readonly ReturnType<typeof quoteLocator>[],
): ExtractedFact[] {
  const said = turns[fact.turn]
  const quote = fact.attribute === null ? undefined : locators[fact.turn]?.(fact.quote, fact.fact)
  const message = quote && said?.messages[quote.message]
  if (!said || !message) return []
  const { start, end } = sentenceAround(message.content, quote)
  const sentence = message.content.slice(start, end)
  const tail = besideProperty(sentence, naturalLanguageOf(sentence) ?? 'en')
  if (tail === undefined || !hasMostOf(fact.fact, tail)) return []
  if (facts.some((other) => other !== fact && other.turn === fact.turn && hasMostOf(other.fact, tail))) return []
  const at = wallClock(said.turn.occurredAt, said.turn.timeZone ?? DEFAULT_TIME_ZONE)
  const speaker = speakerName(message.name ?? message.role, message.role)
  return [{ ...fact, fact: quoteFact(tail, speaker, at), kind: 'fact', attribute: null, when: null, quote: tail }]
}

/** `quote` is the piece of the turn that the fact's quote copies, if it copies one. */
function judge(
  fact: ExtractedFact,
  { turn, messages }: JudgedTurn,
  quoted: readonly QuotedMessage[],
  quote: LocatedQuote | undefined,
) {
  const { subject, subjectKey } = subjectOf(fact, turn, messages)
  const at = wallClock(turn.occurredAt, turn.timeZone ?? DEFAULT_TIME_ZONE)
  const text = datedFact(fact.fact, at)
  const when = fact.when ?? dayNamed(saidIn(fact.fact), at)
  const isSpeaker = subject === null || isUserOf(subject, messages)
  const clause = clauseAround(fact, quote, quoted)
  const reason = standingOf(fact, isSpeaker, messages, quoted, quote, clause)
  const isOver = isToldLater(clause && quote ? pieceOf(clause, quote.text) : (quote?.text ?? fact.fact), at)
  // A past that is told later keeps its date, and ends nothing that holds.
  const attribute = subject === null || isOver ? null : attributeNamed(fact.attribute ?? '') || null
  const told = { kind: fact.kind, attribute, fact: text, day: when, toldOn: isoDay(at) ?? '', timeZone: turn.timeZone }
  return {
    fact: text,
    factHash: hashFact(text, subjectKey),
    kind: fact.kind,
    subject,
    subjectKey,
    attribute,
    importance: fact.importance,
    language: naturalLanguageOf(saidIn(fact.fact)) ?? null,
    owner: ownerOf(turn),
    observedAt: turn.saidAt,
    validFrom: when === undefined ? earlierOf(turn.occurredAt, turn.saidAt) : onDay(when, turn, at),
    overAt: endOfEvent(told) ?? null,
    status: reason === 'proved' ? ('active' as const) : ('quarantined' as const),
    statusReason: reason === 'proved' ? null : reason,
    sources: [{ turn: turn.id, quote: quote?.text ?? '' }],
  }
}

/**
 * Whether a proposed fact is used, or held for a review and why: whoever proposed it, the quote decides. `isSpeaker`: it is about a user who speaks in
 * the turn, or names nobody.
 */
function standingOf(
  fact: ExtractedFact,
  isSpeaker: boolean,
  messages: readonly { readonly role: string }[],
  quoted: readonly QuotedMessage[],
  quote: LocatedQuote | undefined,
  clause: string | undefined,
): 'proved' | HeldReason {
  if ([fact.fact, fact.quote, fact.subject ?? '', fact.attribute ?? ''].some(isInstructionLike))
    return 'instruction-like'
  if (quote === undefined) return 'unquoted'
  const share = foreignShare(quote, quoted[quote.message]?.foreign ?? [])
  if (share >= 1 || (share > MAX_FOREIGN_SHARE && isSpeaker)) return 'not-own-words'
  // What replaces a property must be said of it.
  const isProperty = fact.attribute !== null && isSpeaker && clause !== undefined
  if (isProperty && (isOnlyPlanned(fact.fact, clause, quote.text) || isOfSomebodyElse(fact.fact, clause)))
    return 'unquoted'
  const isAssistants = messages[quote.message]?.role === 'assistant'
  const isOfItself = isAssistants && FIRST_PERSON.test(quote.text)
  if (isSpeaker && (isOfItself || (isAssistants && !ESTABLISHED_KINDS.includes(fact.kind)))) return 'not-own-words'
  return 'proved'
}

/** Undefined where the words of the quote stand in several places: which of them is meant nobody knows. */
function clauseAround(
  { quote: given }: ExtractedFact,
  quote: LocatedQuote | undefined,
  quoted: readonly QuotedMessage[],
): string | undefined {
  const content = quote && quoted[quote.message]?.content
  if (quote === undefined || content === undefined || content.includes(given, quote.end)) return undefined
  const around = sentenceAround(content, quote)
  const place = { start: quote.start - around.start, end: quote.end - around.start }
  return clauseOf(content.slice(around.start, around.end), place)
}

function quotedMessage({ role, name, content }: JudgedTurn['messages'][number]): QuotedMessage {
  return { content, foreign: foreignSpans(content, name ?? role) }
}

/** Whether a subject is somebody who speaks as a user in this turn. */
function isUserOf(subject: string, messages: JudgedTurn['messages']): boolean {
  return messages.some(
    ({ role, name }) => role === 'user' && speakerName(name ?? role, role).toLowerCase() === subject.toLowerCase(),
  )
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
function onDay(day: string, { occurredAt, timeZone }: TurnRow, at: Date): Date {
  const isPlausible = Number(day.slice(0, 4)) <= at.getUTCFullYear() + MAX_YEARS_AHEAD
  return isoDay(at) === day || !isPlausible ? occurredAt : startOfDay(day, timeZone ?? DEFAULT_TIME_ZONE)
}

/** A clock that is ahead makes nothing hold later. */
function earlierOf(a: Date, b: Date): Date {
  return a < b ? a : b
}

/** Whose memories a turn makes. */
export function ownerOf(turn: Pick<TurnRow, 'scope' | 'userId' | 'agentId' | 'workstreamId'>): MemoryOwner {
  return {
    userId: turn.scope === 'user' ? turn.userId : null,
    agentId: turn.scope === 'agent' ? turn.agentId : null,
    workstreamId: turn.scope === 'workstream' ? turn.workstreamId : null,
  }
}
