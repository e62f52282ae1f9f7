import { wordVectors } from '../../../shared/ai/local/word-vectors.ts'
import { isPlace, nameKind, nearnessOf } from './words/name-kinds.ts'

/**
 * Gives names their capitals in English that is typed without any: "i live in lisbon", "tom owns the billing service". Guarantees: only in a sentence
 * without capitals, and only where a name stands: behind "live in" and "work at", and before what somebody does.
 */

const PLACE =
  /(?<=(?<!\p{L})(?:live|lives|living|moved|moving|relocated|based|settled|grew up|born) (?:back )?(?:in|to) )\p{Ll}{3,20}(?!\p{L})/giu
const EMPLOYER =
  /(?<=(?<!\p{L})(?:work|works|working|started|job|employed|hired) (?:at|for|by) |(?<!\p{L})joined )\p{Ll}{3,20}(?!\p{L}| \p{Ll}{3,20} (?:team|company))/giu
/** Whoever stands first, if it is a name, does what follows. */
const FIRST =
  /^\p{Ll}{2,20}(?= (?:now |also |still )?(?:owns|leads|lives|works|moved|handles|maintains|manages|prefers|likes|loves|hates|runs|takes|took|left|joined|will|is|has|got|quit) )/iu
/** Of words that English uses more often, few are names. */
const COMMON_WORDS = 700
const MIN_PERSON = 0.4
/** Places that are no names. */
const COMMON_PLACES =
  /^(?:town|city|college|school|hospital|prison|jail|church|university|village|downtown|house|flat)$/i

/** The sentence with its names in capitals. */
export function withCapitals(typed: string): string {
  if (/\p{Lu}/u.test(typed.replace(/(?<!\p{L})I(?!\p{L})/gu, '').replace(/^\p{Lu}/u, ''))) return typed
  return typed
    .replace(PLACE, (word) => (isPlace(word) && !COMMON_PLACES.test(word) ? capitalised(word) : word))
    .replace(EMPLOYER, (word) => (isCompany(word) ? capitalised(word) : word))
    .replace(FIRST, (word) => (isPerson(word.toLowerCase()) ? capitalised(word) : word))
}

function isCompany(word: string): boolean {
  return nameKind(word) === 'company' || wordVectors().rankOf(word.toLowerCase()) === undefined
}

function isPerson(word: string): boolean {
  const rank = wordVectors().rankOf(word)
  if (rank === undefined || rank < COMMON_WORDS) return false
  const [kind, nearness] = nearnessOf(word)?.[0] ?? []
  return kind === 'person' && (nearness ?? 0) >= MIN_PERSON
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
