import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LANGUAGES_OF_SCRIPT, stemsIn } from '../../../../../shared/ai/local/stemmers.ts'

const LETTERS = Array.from({ length: 0x0c00 }, (_, code) => String.fromCodePoint(code)).filter((one) =>
  /[\p{Ll}\p{Lo}\p{M}]/u.test(one),
)

describe('stemsIn', () => {
  it.each(LANGUAGES_OF_SCRIPT.flatMap(({ script, languages }) => languages.map((language) => ({ language, script }))))(
    'has stems for whatever word of $language',
    ({ language, script }) => {
      const word = fc
        .array(fc.constantFrom(...LETTERS.filter((letter) => script.test(letter))), { minLength: 3, maxLength: 12 })
        .map((letters) => letters.join(''))
      fc.assert(
        fc.property(word, (one) => stemsIn(language, one).every((stem) => stem !== '')),
        { numRuns: 2_000, seed: 7 },
      )
    },
  )

  it.each([
    ['учениците', 'ученик'],
    ['зелената', 'зелен'],
    ['сънят', 'сън'],
    ['книгата', 'книги'],
  ])('gives Bulgarian %s and %s one stem', (one, other) => {
    expect(stemsIn('bg', one)).toEqual(stemsIn('bg', other))
  })
})
