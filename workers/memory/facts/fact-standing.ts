import type { HeldReason } from '../../../shared/fact-verdicts.ts'
import type { ExtractedFact } from './facts.ts'
import { isInstructionLike } from './injection/prompt-injection.ts'
import type { LocatedQuote, QuotedMessage } from './locate-quote.ts'
import { foreignShare } from './own-words.ts'

/** Decides whether a proposed fact is used, or held for a review and why. Whoever proposed it, the quote decides. */

export type FactStanding = 'proved' | HeldReason

/** A quote with less of its own than this is what somebody else says. */
const MAX_FOREIGN_SHARE = 0.5
/** What an assistant may establish for somebody; who people are and what they like they say themselves. */
const ESTABLISHED_KINDS: readonly string[] = ['task', 'event', 'decision']
const FIRST_PERSON =
  /(?<!\p{L})(?:I|my|me|ich|mein\p{L}*|je|mon|ma|yo|mi|eu|meu|minha|io|mio|mia|ik|mijn|ja|mój|moja|я|мой|моя|ben|benim)(?!\p{L})|我|私|저는|أنا|मैं/iu

/** `isSpeaker`: the fact is about a user who speaks in the turn, or names nobody. */
export function standingOf(
  fact: ExtractedFact,
  isSpeaker: boolean,
  messages: readonly { readonly role: string }[],
  quoted: readonly QuotedMessage[],
  quote: LocatedQuote | undefined,
): FactStanding {
  if ([fact.fact, fact.quote, fact.subject ?? '', fact.attribute ?? ''].some(isInstructionLike))
    return 'instruction-like'
  if (quote === undefined) return 'unquoted'
  const share = foreignShare(quote, quoted[quote.message]?.foreign ?? [])
  if (share >= 1 || (share > MAX_FOREIGN_SHARE && isSpeaker)) return 'not-own-words'
  const isAssistants = messages[quote.message]?.role === 'assistant'
  const isOfItself = isAssistants && FIRST_PERSON.test(quote.text)
  if (isSpeaker && (isOfItself || (isAssistants && !ESTABLISHED_KINDS.includes(fact.kind)))) return 'not-own-words'
  return 'proved'
}
