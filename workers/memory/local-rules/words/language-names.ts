/** Finds the names of languages in a sentence, in any language and with any ending, by the platform's own tables. */

const NAMED_IN = 'en de fr es pt it nl pl ru uk tr sv da nb fi cs hu ro el he ar fa hi ja zh ko vi id th'.split(' ')
/** Languages that somebody may want to be answered in. */
const CODES =
  'en de fr es pt it nl pl ru uk tr sv da nb fi cs hu ro el he ar fa hi bn ja zh ko vi id th ca hr bg sk'.split(' ')
/** Endings that a longer name may change. */
const ENDING_CHARS = 2
/** Shorter ones begin other words: "great" is no Greek (Romanian "greacă"). */
const MIN_STEM_CHARS = 5

type LanguageName = { readonly code: string; readonly stem: string }
let names: readonly LanguageName[] | undefined

function languageNames(): readonly LanguageName[] {
  names ??= NAMED_IN.flatMap((language) => {
    const table = new Intl.DisplayNames(language, { type: 'language', fallback: 'none' })
    return CODES.flatMap((code) => {
      const name = folded(table.of(code) ?? '')
      const stem = name.slice(0, name.length - Math.max(0, Math.min(ENDING_CHARS, name.length - MIN_STEM_CHARS)))
      const written = /语$/u.test(name) ? [{ code, stem: name.replace(/语$/u, '文') }] : []
      return stem.length < 2 || /[\s,(]/u.test(name) ? [] : [{ code, stem }, ...written]
    })
  })
  return names
}

/** The languages that a text names, each once, with the words that name it. */
export function languagesNamedIn(text: string): { readonly code: string; readonly name: string }[] {
  const lower = folded(text)
  const found = new Map<string, string>()
  for (const { code, stem } of languageNames()) {
    const at = lower.indexOf(stem)
    if (at < 0 || found.has(code) || !beginsWord(lower, at)) continue
    found.set(code, /^[\p{L}\p{M}]{1,30}/u.exec(lower.slice(at))?.[0] ?? stem)
  }
  return [...found].map(([code, name]) => ({ code, name: DENSE.test(name) ? stemOf(code, lower) : name }))
}

/** Hindi writes a nasal in two ways. */
function folded(text: string): string {
  return text.toLowerCase().replaceAll('न्', 'ं')
}

const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}]/u

function stemOf(code: string, lower: string): string {
  return languageNames().find((one) => one.code === code && lower.includes(one.stem))?.stem ?? ''
}

/** Arabic and Hebrew put small words onto a name; scripts without spaces have no beginnings. */
function beginsWord(text: string, at: number): boolean {
  return !/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Devanagari}]/u.test(text[at - 1] ?? ' ')
}
