import { IRREGULAR_FORMS } from './irregular-forms.ts'
import { perWord } from './per-word.ts'

/**
 * Owns the reduction of an English word to its stem: irregular forms first (`went` is `go`), then Porter's suffix rules.
 * Guarantees: words that are not plain lower-case English letters come back unchanged.
 */

const CONSONANT = '[^aeiou]'
const CONSONANTS = `${CONSONANT}[^aeiouy]*`
const VOWELS = '[aeiouy][aeiou]*'
const HAS_SYLLABLE = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}`)
const HAS_ONE_SYLLABLE = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}(${VOWELS})?$`)
const HAS_TWO_SYLLABLES = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}${VOWELS}${CONSONANTS}`)
const HAS_VOWEL = new RegExp(`^(${CONSONANTS})?[aeiouy]`)
const ENDS_SHORT = new RegExp(`^${CONSONANTS}[aeiouy][^aeiouwxy]$`)

const STEP_2: Record<string, string> = {
  ational: 'ate',
  tional: 'tion',
  enci: 'ence',
  anci: 'ance',
  izer: 'ize',
  bli: 'ble',
  alli: 'al',
  entli: 'ent',
  eli: 'e',
  ousli: 'ous',
  ization: 'ize',
  ation: 'ate',
  ator: 'ate',
  alism: 'al',
  iveness: 'ive',
  fulness: 'ful',
  ousness: 'ous',
  aliti: 'al',
  iviti: 'ive',
  biliti: 'ble',
  logi: 'log',
}
const STEP_3: Record<string, string> = {
  icate: 'ic',
  ative: '',
  alize: 'al',
  iciti: 'ic',
  ical: 'ic',
  ful: '',
  ness: '',
}
const STEP_2_SUFFIX = suffixPattern(Object.keys(STEP_2))
const STEP_3_SUFFIX = suffixPattern(Object.keys(STEP_3))
const STEP_4_SUFFIX = suffixPattern(
  'al ance ence er ic able ible ant ement ment ent ou ism ate iti ous ive ize'.split(' '),
)

/**
 * The stem of one lower-case word; a kept one takes a tenth of the rules' time. Source: M. F. Porter, An algorithm for suffix stripping,
 * Program 14(3), 1980.
 */
export const stem: (word: string) => string = perWord(stemOf)

function stemOf(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word
  const base = IRREGULAR_FORMS.get(word) ?? word
  if (base.length < 3) return base
  // A leading y is a consonant; upper case hides it from the vowel classes.
  const marked = base.startsWith('y') ? `Y${base.slice(1)}` : base
  return step5(step4(mapSuffix(mapSuffix(step1(marked), STEP_2_SUFFIX, STEP_2), STEP_3_SUFFIX, STEP_3))).toLowerCase()
}

/** Plurals, -ed, -ing, and a final y. */
function step1(word: string): string {
  let stemmed = word.replace(/(ss|i)es$/, '$1').replace(/([^s])s$/, '$1')
  const past = /^(.+?)(eed|ed|ing)$/.exec(stemmed)
  if (past?.[2] === 'eed') {
    if (HAS_SYLLABLE.test(past[1] ?? '')) stemmed = stemmed.slice(0, -1)
  } else if (past?.[1] !== undefined && HAS_VOWEL.test(past[1])) {
    stemmed = repairEnding(past[1])
  }
  return stemmed.endsWith('y') && HAS_VOWEL.test(stemmed.slice(0, -1)) ? `${stemmed.slice(0, -1)}i` : stemmed
}

function repairEnding(word: string): string {
  if (/(at|bl|iz)$/.test(word)) return `${word}e`
  if (/([^aeiouylsz])\1$/.test(word)) return word.slice(0, -1)
  return ENDS_SHORT.test(word) ? `${word}e` : word
}

function mapSuffix(word: string, pattern: RegExp, endings: Record<string, string>): string {
  const match = pattern.exec(word)
  if (match?.[1] === undefined || match[2] === undefined || !HAS_SYLLABLE.test(match[1])) return word
  return match[1] + (endings[match[2]] ?? '')
}

function step4(word: string): string {
  const beforeIon = /^(.+?[st])ion$/.exec(word)?.[1]
  const rest = STEP_4_SUFFIX.exec(word)?.[1] ?? beforeIon
  return rest !== undefined && HAS_TWO_SYLLABLES.test(rest) ? rest : word
}

/** A final e, and ll. */
function step5(word: string): string {
  let stemmed = word
  if (word.endsWith('e')) {
    const rest = word.slice(0, -1)
    if (HAS_TWO_SYLLABLES.test(rest) || (HAS_ONE_SYLLABLE.test(rest) && !ENDS_SHORT.test(rest))) stemmed = rest
  }
  return stemmed.endsWith('ll') && HAS_TWO_SYLLABLES.test(stemmed) ? stemmed.slice(0, -1) : stemmed
}

function suffixPattern(suffixes: readonly string[]): RegExp {
  return new RegExp(`^(.+?)(${suffixes.join('|')})$`)
}
