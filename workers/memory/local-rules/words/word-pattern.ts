/** Makes patterns of word lists: `stem*` may have an ending, `*ing` a beginning; what is in a script without spaces is found anywhere. */

const SPACED =
  /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Greek}\p{Script=Devanagari}]/u
const LETTER = String.raw`[\p{L}\p{M}\p{N}]`
/** The longest beginning or ending: what stands for it must stay bounded. */
const MAX_PART = 24

/** A pattern that finds any of the words, which are divided by bars. */
export function wordPattern(words: string, flags = 'iu'): RegExp {
  const all = words.split('|').filter((word) => word !== '')
  const spaced = all.filter((word) => SPACED.test(word)).map(withParts)
  const anywhere = all.filter((word) => !SPACED.test(word)).map((word) => word.replaceAll('*', ''))
  const pieces = [
    ...(spaced.length > 0 ? [`(?<!${LETTER})(?:${spaced.join('|')})(?!${LETTER})`] : []),
    ...(anywhere.length > 0 ? [`(?:${anywhere.join('|')})`] : []),
  ]
  return new RegExp(pieces.join('|'), flags)
}

function withParts(word: string): string {
  const bare = word.replace(/^\*|\*$/g, '').replaceAll("'", "['’]")
  const before = word.startsWith('*') ? `${LETTER}{1,${MAX_PART}}` : ''
  return `${before}${bare}${word.endsWith('*') ? `${LETTER}{0,${MAX_PART}}` : ''}`
}
