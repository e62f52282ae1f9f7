/**
 * Tells whether a word that was found in a sentence is that word: not a part of a longer one, of a name or a title, nor in a quotation.
 * In scripts without spaces the dictionary of `Intl.Segmenter` decides.
 */

const words = new Intl.Segmenter('ja', { granularity: 'word' })
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u
/** What Korean puts onto a noun of time. */
const PARTICLE = /^(?:은|는|도|에|에는|에도|까지|까지는|부터|만|이나|쯤)?$/
/** Somebody or something is called so. */
const NAMES = /(?:叫做?|名叫|名为|名為|取名|名前は|という|이름은)\s{0,2}$/u
const QUOTE_MARKS = /["“”„«»「」『』‹›]/g
/** Words with a capital that no name begins with. */
const NO_NAME =
  /^(?:I|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|October|November|December)(?!\p{L})/u

/** `start` and `end` are where the word is found in the sentence. */
export function isWholeWord(sentence: string, start: number, end: number): boolean {
  if (isQuoted(sentence, start)) return false
  return DENSE.test(sentence.slice(start, end)) ? isDenseWord(sentence, start, end) : !isOfName(sentence, start, end)
}

function isQuoted(sentence: string, at: number): boolean {
  const before = sentence.slice(0, at).match(QUOTE_MARKS)?.length ?? 0
  const after = sentence.slice(at).match(QUOTE_MARKS)?.length ?? 0
  return before % 2 === 1 && after > 0
}

function isDenseWord(sentence: string, start: number, end: number): boolean {
  if (NAMES.test(sentence.slice(0, start))) return false
  const parts = words.segment(sentence)
  const first = parts.containing(start)
  const last = parts.containing(end - 1)
  if (first?.index !== start || !last) return false
  return PARTICLE.test(last.segment.slice(end - last.index))
}

/** A capital inside the sentence, or one on the next word: "USA Today", "Tomorrow Foods". */
function isOfName(sentence: string, start: number, end: number): boolean {
  const isFirst = !/[\p{L}\p{N}]/u.test(sentence.slice(0, start)) || /[.!?:]\s{1,3}$/.test(sentence.slice(0, start))
  const hasCapital = /^\p{Lu}/u.test(sentence.slice(start))
  if (hasCapital && !isFirst) return true
  const next = /^ (?=\p{Lu})(?<word>.{1,40})/u.exec(sentence.slice(end))?.groups?.word
  return hasCapital && next !== undefined && !NO_NAME.test(next)
}
