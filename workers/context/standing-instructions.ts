import type { MessageText } from './summary-input.ts'

/**
 * Owns which words of users are instructions that hold from then on: they stay in force after a compaction, so nobody else's words may become one.
 * Guarantees: each stands in a message of a user, or stood in the record before; bounded.
 */

const MAX_INSTRUCTIONS = 20
const MAX_CHARS = 400
const MAX_READ_CHARS = 20_000
const MAX_SENTENCES = 400

/** Words with which people say that something holds from now on, by language; whole words where a script has spaces. */
const SIGNS: readonly RegExp[] = [
  /\b(?:always|never|from now on|do not ever|don't ever|make sure|whatever happens|under no circumstances|remember to)\b/i,
  /^(?:please\s+)?(?:do not|don't|avoid|stop|only|use|keep|answer|reply|write|call me)\b/i,
  /(?<!\p{L})(?:immer|niemals|ab jetzt|von nun an|auf keinen fall|siempre|nunca|jamás|a partir de ahora|toujours|jamais|désormais|ne\s+\S{1,30}\s+(?:pas|plus|jamais)|sempre|mai|d'ora in poi|de agora em diante|altijd|nooit|vanaf nu|zawsze|nigdy|od teraz|alltid|aldrig|her zaman|asla|bundan sonra|всегда|никогда|отныне|завжди|ніколи)(?!\p{L})/iu,
  /总是|永远|从现在起|以后都|不要|切勿|必须|總是|永遠|從現在起|いつも|必ず|今後は|絶対に|しないで|항상|절대|앞으로는|하지\s?마/u,
  /دائمًا|دائما|أبدا|أبدًا|من الآن|لا تقم|हमेशा|कभी नहीं|अब से|תמיד|לעולם אל|מעכשיו/u,
]
/** Whoever asks, or tells of himself, instructs nobody. */
const NO_ORDER = /[?？؟]\s?$|^(?:I|we|my|our|ich|wir|yo|je|nous|io|eu|ik|я|мы)\b/iu

/** The standing instructions in messages, without a model: sentences of users that say so. */
export function findInstructions(messages: readonly MessageText[], held: readonly string[] = []): string[] {
  const found = messages
    .filter(({ role, isWhole, isQuote }) => role === 'user' && isWhole && !isQuote)
    .flatMap(({ text }) => sentencesOf(text).filter(isInstruction))
  return newest([...held, ...found])
}

/** Those of a model's proposals that users said, word by word but for spaces and case, or that the record held before. */
export function provenInstructions(
  proposed: readonly string[],
  messages: readonly MessageText[],
  held: readonly string[] = [],
): string[] {
  const said = messages.filter(({ role, isQuote }) => role === 'user' && !isQuote).map(({ text }) => folded(text))
  const before = new Set(held.map(folded))
  return newest(
    proposed.filter((one) => {
      const words = folded(one)
      return words !== '' && (before.has(words) || said.some((text) => text.includes(words)))
    }),
  )
}

function isInstruction(sentence: string): boolean {
  return sentence.length <= MAX_CHARS && !NO_ORDER.test(sentence) && SIGNS.some((sign) => sign.test(sentence))
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' })

function sentencesOf(text: string): string[] {
  const sentences: string[] = []
  for (const { segment } of segmenter.segment(text.slice(0, MAX_READ_CHARS))) {
    if (sentences.push(segment.trim()) >= MAX_SENTENCES) break
  }
  return sentences
}

function folded(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s\p{P}]+/gu, ' ')
    .trim()
}

/** Each once, the newest of too many. */
function newest(instructions: readonly string[]): string[] {
  const byWords = new Map<string, string>()
  for (const one of instructions) {
    byWords.delete(folded(one))
    byWords.set(folded(one), one)
  }
  return [...byWords.values()].slice(-MAX_INSTRUCTIONS)
}
