import { stem } from '../../ai/local/stem.ts'
import { charactersOf, isStopWord } from '../../ai/local/terms.ts'
import { perAsciiToken, wordsOf } from '../../ai/local/words.ts'
import { VARIANT_MARK } from '../../text/term-variants.ts'
import { type HashedTerms, hashTerms } from '../index-format/code-segment.ts'

/**
 * The terms of code: identifiers as their parts and as a whole, stemmed. Words that say nothing in prose are terms of a second sort, since questions
 * about code are prose (with stop words BM25 alone loses a quarter of its MRR), while `has()` and `do while` ask for nothing else.
 */

/** The terms of a chunk as segments keep them, in order and with repetitions. */
export function chunkTerms(text: string): HashedTerms {
  if (room.length < TERMS_PER_CHARACTER * text.length) room = new Uint32Array(2 * TERMS_PER_CHARACTER * text.length)
  const hashes = room
  let [filled, words] = [0, 0]
  const isDone = visitTerms(text, (terms) => {
    for (let at = 0; at < terms.hashes.length; at++) hashes[filled++] = terms.hashes[at] as number
    words += terms.words
  })
  return isDone ? { hashes: hashes.slice(0, filled), words } : hashTerms(termsOf(text))
}

/** An identifier of single letters has each of them, and the whole. */
const TERMS_PER_CHARACTER = 2
let room = new Uint32Array()
const visitTerms = perAsciiToken((words) => hashTerms(words.map(termOf)))

/** The terms of a text, in order and with repetitions. */
function termsOf(text: string): string[] {
  const words = wordsOf(text)
  return words.flatMap((word, at) => {
    const term = termOf(word)
    return isStopWord(word) || isAscii(word) ? term : [term, ...charactersOf(word, words[at + 1]).map(marked)]
  })
}

function termOf(word: string): string {
  return isStopWord(word) ? marked(word) : stem(word)
}

/** True for words of scripts with spaces, by their first letter. */
function isAscii(word: string): boolean {
  return word.charCodeAt(0) < 128
}

/** The terms of a name or a path: words that say nothing only where it has no others. */
export function codeTerms(text: string): string[] {
  const terms = termsOf(text)
  const telling = terms.filter((term) => !term.startsWith(VARIANT_MARK))
  return telling.length > 0 ? telling : terms
}

/** The distinct terms that a query asks for: those of a name, and what it calls or what stands in it alone. */
export function codeQueryTerms(query: string): string[] {
  const called = [...query.matchAll(CALL)].flatMap(([, name]) => wordsOf(name as string).filter(isStopWord))
  const words = wordsOf(query)
  const characters = words.flatMap((word, at) => charactersOf(word, words[at + 1])).filter((one) => IS_WORD.test(one))
  return [...new Set([...codeTerms(query), ...called.map(marked), ...characters.map(marked)])]
}

const CALL = /\b([A-Za-z]{1,20})\(/g
/** One of these is a word; a single letter of a syllabary rarely is. */
const IS_WORD = /^[\p{Script=Han}\p{Script=Hangul}]$/u

function marked(word: string): string {
  return VARIANT_MARK + word
}
