/**
 * Terms of one item are of two sorts: its words, and other spellings under which a word may be asked for (stems of other languages, a word without its
 * article). A mark keeps the two apart, so that no stem is taken for a word, and so that only words count towards an item's length.
 */

export const VARIANT_MARK = '~'

/** How many words an item's terms stand for. */
export function countWords(terms: readonly string[]): number {
  let words = 0
  for (const term of terms) if (!term.startsWith(VARIANT_MARK)) words += 1
  return words
}
