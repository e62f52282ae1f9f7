import { stem } from '../../ai/local/stem.ts'
import { charactersOf, isStopWord } from '../../ai/local/terms.ts'
import { wordsOf } from '../../ai/local/words.ts'
import { VARIANT_MARK } from '../../text/term-variants.ts'

/**
 * The terms of code: identifiers as their parts and as a whole, stemmed. Words that say nothing in prose are terms of a second sort, since questions
 * about code are prose (with stop words BM25 alone loses a quarter of its MRR), while `has()` and `do while` ask for nothing else.
 */

/** The terms of a chunk, in order and with repetitions. */
export function chunkTerms(text: string): string[] {
  const words = wordsOf(text)
  const terms: string[] = []
  // One list for all: lists of each word's took half the time.
  words.forEach((word, at) => {
    if (isStopWord(word)) terms.push(marked(word))
    else {
      terms.push(stem(word))
      if (!isAscii(word)) terms.push(...charactersOf(word, words[at + 1]).map(marked))
    }
  })
  return terms
}

/** True for words of scripts with spaces, by their first letter. */
function isAscii(word: string): boolean {
  return word.charCodeAt(0) < 128
}

/** The terms of a name or a path: words that say nothing only where it has no others. */
export function codeTerms(text: string): string[] {
  const terms = chunkTerms(text)
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
