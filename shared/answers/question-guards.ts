/**
 * Owns which questions may share an answer at all, however close their vectors are. Guarantees: linear in the length of a text; works without a model and errs on the side of "no".
 * Numbers, units, names, quotations, code, addresses and negations must be the same; shared words must come in the same order, and a difference inside a template counts as a difference.
 */

/** In most languages of the world's traffic. What is missing costs safety nothing where the word order or the rest of the words differ too. */
const NEGATIONS = new Set(
  'not no never none nor neither without cannot nothing nobody except unless nicht kein keine keinen nie ohne niemals ne pas jamais sans aucun sin nunca nada ningún não nem sem non mai senza niet geen nooit zonder nie bez ikke aldrig inte utan не нет без никогда ni hiçbir değil あない ない ません 不 没 没有 无 不是 नहीं مت لا ليس لم لن بدون'.split(
    ' ',
  ),
)
/** Of the shorter question: if more of it than this stands in the other as beginning and end, the rest is what is asked. */
const TEMPLATE_SHARE = 0.8
const MIN_TEMPLATE_CHARS = 20

const words = new Intl.Segmenter('und', { granularity: 'word' })

/** A question in the form in which it is compared: case, spaces, width of blanks and final punctuation do not count. */
export function normaliseQuestion(text: string): string {
  const joined = text.normalize('NFC').toLowerCase().split(/\s/).filter(Boolean).join(' ')
  let end = joined.length
  while (end > 0 && '?!.。？！ '.includes(joined[end - 1] as string)) end -= 1
  return joined.slice(0, end)
}

/** The parts that must be the same, as one text. */
export function guardedParts(text: string): string {
  const parts: string[] = []
  let isFirst = true
  let isAfterNumber = false
  for (const { segment, isWordLike } of words.segment(text.normalize('NFC'))) {
    if (!isWordLike) {
      // Signs that give numbers, code, quotations and addresses their meaning.
      if (!/[\s.,;:!?¿¡。，、？！'’]/u.test(segment)) parts.push(segment)
      else if (/[!?.。？！]/u.test(segment)) isFirst = true
      continue
    }
    const lower = segment.toLowerCase()
    const isNumber = /\p{N}/u.test(segment)
    // At the beginning of a sentence every word has a capital letter.
    const rest = isFirst ? segment.slice(1) : segment
    const isName = rest !== rest.toLowerCase()
    if (isName || (isAfterNumber && !isNumber)) parts.push(segment)
    else if (isNumber || NEGATIONS.has(lower) || lower.endsWith("n't") || lower.endsWith('n’t')) parts.push(lower)
    isFirst = false
    isAfterNumber = isNumber
  }
  return parts.join(' ')
}

/** Whether an answer to one question may answer the other, if their vectors say so. */
export function mayShareAnswer(one: string, other: string): boolean {
  const [a, b] = [normaliseQuestion(one), normaliseQuestion(other)]
  if (a === b) return guardedParts(one) === guardedParts(other)
  return guardedParts(one) === guardedParts(other) && isSameOrder(wordsOf(a), wordsOf(b)) && !isTemplate(a, b)
}

function wordsOf(text: string): string[] {
  return [...words.segment(text)].flatMap(({ segment, isWordLike }) => (isWordLike ? segment : []))
}

/** "from A to B" is not "from B to A". */
function isSameOrder(a: readonly string[], b: readonly string[]): boolean {
  const [ofA, ofB] = [new Set(a), new Set(b)]
  const [sharedA, sharedB] = [a.filter((word) => ofB.has(word)), b.filter((word) => ofA.has(word))]
  return sharedA.length === sharedB.length && sharedA.every((word, index) => word === sharedB[index])
}

function isTemplate(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length)
  if (shorter < MIN_TEMPLATE_CHARS) return false
  let start = 0
  while (start < shorter && a[start] === b[start]) start += 1
  let end = 0
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1
  return start + end > TEMPLATE_SHARE * shorter
}
