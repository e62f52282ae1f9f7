import { perWord } from '../../ai/local/per-word.ts'
import { hashTerm } from '../index-format/code-segment.ts'
import { codeTerms } from './code-terms.ts'
import { codeWordsFor } from './code-vocabulary.ts'

/**
 * Owns how much a name and a query are one. Pure. Names are written shorter than they are spoken of: `rfind_char` finds the last character, `setdefault`
 * sets a default, `u16` is a number of 16 bits. A part of a name that no word of the query is may be one that is cut short, the one that code has for it,
 * or several that are written together.
 */

type NameMatch = {
  /** How much of the query some terms cover, by weight, 0 to 1. */
  share(hashes: readonly number[]): number
  /** How much the query and a name are one: what each covers of the other. A question says more than a name, so that the name's own share counts more. */
  likeness(name: string): number
}

const QUERY_EXPONENT = 0.2
const NAME_EXPONENT = 0.5
/** The weight of a part that resembles words of the query, beside 1 for a part that is such a word. */
const LIKE_SHARE = 0.7
const MIN_CHARACTERS = 3
/** The first word of a question says what is done, which tells names of one subject apart, and is common in code. Measured with more: no better. */
const FIRST_WORD_WEIGHT = 1.5
/** In a query of fewer, each says as much. */
const MIN_WORDS = 3
/** Characters that an abbreviation leaves out: with fewer it is another form of the word, which the stem is for. */
const MIN_CUT = 2
const DIGITS = /\d+/
const IS_NUMBER = /^\d+$/
/** A name that a question is answered by, for who asks what returns true if something holds. */
const PREDICATE = /^_?(?:[Ii]s|[Aa]re|[Hh]as|[Hh]ave|[Cc]an|[Ss]hould|[Cc]ontains|[Ee]quals|[Ss]tarts|[Ee]nds)(?![a-z])/
/** Measured from 1.2 to 1.35: alike. */
const PREDICATE_GAIN = 1.3

/** The distinct terms of a name, kept, since all searches of some code meet the same names. */
const nameTerms = perWord((name): readonly string[] => [...new Set(codeTerms(name))])

/** @param terms of the query. @param rarityOf what each is worth, by its hash */
export function matchNames(terms: readonly string[], rarityOf: ReadonlyMap<number, number>): NameMatch {
  const weightOf = new Map(rarityOf)
  const first = hashTerm(terms[0] ?? '')
  if (weightOf.size >= MIN_WORDS) weightOf.set(first, FIRST_WORD_WEIGHT * (weightOf.get(first) ?? 0))
  const total = [...weightOf.values()].reduce((sum, weight) => sum + weight, 0) || 1
  // What a term is worth that the query does not have is not looked up: as much as one of the query's.
  const average = total / (weightOf.size || 1)
  const weighed = terms.map((term) => ({ term, weight: weightOf.get(hashTerm(term)) ?? 0 }))
  const numbers = new Set(terms.filter((term) => IS_NUMBER.test(term)))
  const asksIfTrue = terms.includes('whether') || (terms.includes('true') && terms.includes('return'))
  // The classes around the candidates are the same ones.
  const known = new Map<string, number>()

  /** The query's words that stand for a part of a name which it lacks, and the share of the part that they make up. */
  const likeWords = (part: string) => {
    let [meant, joined, characters] = [0, 0, 0]
    // Of `u16` and `u32` only one is meant by 16 bits; the number alone, as of `sha256`, says nothing.
    const digits = numbers.size > 0 ? DIGITS.exec(part)?.[0] : undefined
    if (digits !== undefined && !numbers.has(digits)) return { weight: 0, share: 0 }
    for (const { term, weight } of weighed) {
      const isCutShort = part.length >= MIN_CHARACTERS && term.length >= part.length + MIN_CUT && term.startsWith(part)
      if (isCutShort || codeWordsFor(term).has(part)) meant = Math.max(meant, weight)
      if (term.length < MIN_CHARACTERS || term.length >= part.length || term === digits) continue
      if (!part.startsWith(term) && !part.endsWith(term)) continue
      joined += weight
      characters += term.length
    }
    const like = LIKE_SHARE * Math.max(meant, joined)
    if (digits !== undefined && like > 0) return { weight: like + (weightOf.get(hashTerm(digits)) ?? 0), share: 1 }
    return { weight: like, share: Math.max(meant > 0 ? LIKE_SHARE : 0, Math.min(1, characters / part.length)) }
  }

  const measure = (name: string) => {
    const ofName = nameTerms(name)
    // The last of several is the identifier as a whole: prose does not have it, and who writes it means its parts.
    const parts = ofName.length > 1 ? ofName.slice(0, -1) : ofName
    const whole = ofName.length > 1 ? weightOf.get(hashTerm(ofName.at(-1) as string)) : undefined
    let [common, missing] = [whole ?? 0, 0]
    for (const part of parts) {
      const weight = weightOf.get(hashTerm(part))
      const like = weight === undefined ? likeWords(part) : { weight, share: 1 }
      common += like.weight
      missing += 1 - like.share
    }
    if (common === 0) return 0
    const others = whole === undefined ? missing : 0
    const likeness =
      Math.min(1, common / total) ** QUERY_EXPONENT * (common / (common + others * average)) ** NAME_EXPONENT
    return asksIfTrue && PREDICATE.test(name) ? Math.min(1, PREDICATE_GAIN * likeness) : likeness
  }

  return {
    share(hashes) {
      let sum = 0
      for (const hash of hashes) sum += weightOf.get(hash) ?? 0
      return sum / total
    },
    likeness(name) {
      const likeness = known.get(name) ?? measure(name)
      known.set(name, likeness)
      return likeness
    },
  }
}
