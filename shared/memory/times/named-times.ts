import { type Distance, foldedPhrase, NUMBER_WORDS, type TimeUnit, timeWords, type WeekdayName } from './time-words.ts'

/**
 * Finds the times beside now that a text names in languages other than English: "gestern", "la semaine dernière", "há três dias", "в пятницу",
 * 来週の金曜日. Guarantees: linear time, every place is in the text as it was given, no two overlap. Says nothing of whether a word is one there.
 */

export type NamedTime = {
  /** UTF-16 offsets, `end` exclusive. */
  readonly start: number
  readonly end: number
  readonly language: string
  /** Of a weekday `steps` is the week: -1 the last, 1 the next, none where it is not said. */
  readonly unit: TimeUnit | 'weekday'
  /** How many units from now; more than one where the words mean either. */
  readonly steps: readonly number[]
  /** Whether it is said as a distance: "three days ago". */
  readonly isDistance: boolean
  /** 0 is Sunday. */
  readonly weekday?: number
}

type Meaning = Omit<NamedTime, 'start' | 'end'>

const LETTER = String.raw`[\p{L}\p{M}\p{N}]`
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

type Weekday = Omit<WeekdayName, 'name'>
type Patterns = { readonly fixed: RegExp; readonly distance: RegExp; readonly weekday: RegExp; readonly unit: RegExp }
type Known = {
  readonly patterns: Patterns
  readonly byPhrase: ReadonlyMap<string, Meaning>
  readonly byDistance: ReadonlyMap<string, Meaning>
  readonly byWeekday: ReadonlyMap<string, readonly Weekday[]>
  /** Without one of these words there is none. */
  readonly anchors: ReadonlySet<string>
  readonly numbers: ReadonlyMap<string, number>
}
let known: Known | undefined

/** The times that a text names, in order. */
export function namedTimesIn(text: string): NamedTime[] {
  if (!/[^\p{ASCII}]|[a-z]{3}/iu.test(text)) return []
  known ??= madeKnown()
  const { patterns, anchors } = known
  // As long as the text: the one letter that grows is put into a shorter form first.
  const lower = text.replaceAll('\u0130', 'i').toLowerCase()
  if (!UNSPACED.test(lower) && !hasAnchor(lower, anchors)) return []
  const all = [
    ...[...lower.matchAll(patterns.fixed)].flatMap(fixedTime),
    ...[...lower.matchAll(patterns.distance)].flatMap(distanceTime),
    ...[...lower.matchAll(patterns.weekday)].flatMap(weekdayTime),
    ...[...lower.matchAll(patterns.unit)].flatMap(unitTime),
  ].sort((a, b) => a.start - b.start || b.end - a.end)
  let free = 0
  return all.filter(({ start, end }) => {
    if (start < free) return false
    free = end
    return true
  })
}

/** Most sentences end here. Names of weekdays may have endings. */
function hasAnchor(text: string, anchors: ReadonlySet<string>): boolean {
  for (const [word] of text.matchAll(/[\p{L}\p{M}]+/gu)) {
    const folded = foldedPhrase(word)
    for (let cut = 0; cut <= MAX_ENDING && folded.length - cut >= MIN_ANCHOR; cut += 1)
      if (anchors.has(folded.slice(0, folded.length - cut))) return true
  }
  return false
}

const MAX_ENDING = 4
const MIN_ANCHOR = 2

function anchorOf(phrase: string): string {
  const words = phrase.match(/[\p{L}\p{M}]+/gu) ?? ['']
  return words.reduce((best, word) => (word.length > best.length ? word : best), '')
}

/** "Hier" is yesterday in French only, and here in German and Dutch. */
const FRENCH =
  /(?<!\p{L})(?:je|j['’ʼ]|tu|nous|vous|on|le|la|les|l['’ʼ]|du|des|qu['’ʼ]|que|qui|où|avec|mon|ma|mes|un|une)(?!(?<=\p{L})\p{L})/iu

function fixedTime({ 0: words, index, input }: RegExpExecArray): NamedTime[] {
  if (words === 'hier' && !FRENCH.test(input)) return []
  const meaning = known?.byPhrase.get(keyOf(words))
  return meaning ? [{ ...meaning, start: index, end: index + words.length }] : []
}

function distanceTime({ 0: words, index, groups }: RegExpExecArray): NamedTime[] {
  const count = groups?.count ?? ''
  const at = words.indexOf(count)
  const meaning = known?.byDistance.get(keyOf(`${words.slice(0, at)}#${words.slice(at + count.length)}`))
  const number = known?.numbers.get(foldedPhrase(count)) ?? numberOf(count)
  if (!meaning || number === undefined) return []
  const steps = meaning.steps.map((step) => step * number)
  return [{ ...meaning, steps, start: index, end: index + words.length }]
}

function weekdayTime({ 0: words, index, groups = {} }: RegExpExecArray): NamedTime[] {
  const { before, name = '', after } = groups
  const days = known?.byWeekday.get(foldedPhrase(name)) ?? []
  const beside = [before, after].filter((word) => word !== undefined).map(keyOf)
  const found = days
    .map((day) => ({ day, steps: beside.flatMap((word) => stepOf(word, day.language)) }))
    .sort((a, b) => b.steps.length - a.steps.length)[0]
  if (!found) return []
  const place = { start: index, end: index + words.length }
  return [{ ...found.day, unit: 'weekday', steps: found.steps.slice(0, 1), isDistance: false, ...place }]
}

function unitTime({ 0: words, index, groups = {} }: RegExpExecArray): NamedTime[] {
  const step = keyOf(groups.step ?? '')
  const found = timeWords()
    .unitNames.filter(({ stem }) => stem === groups.name)
    .map((unit) => ({ unit, steps: stepOf(step, unit.language) }))
    .find(({ steps }) => steps.length > 0)
  if (!found) return []
  const { language, unit } = found.unit
  return [{ language, unit, steps: found.steps, isDistance: false, start: index, end: index + words.length }]
}

function stepOf(word: string, language: string): readonly number[] {
  const week = known?.byPhrase.get(word)
  if (week?.unit === 'week') return week.steps
  const step = timeWords().stepWords.find((one) => one.language === language && word.startsWith(one.stem))
  return step ? [step.step] : []
}

/** The number that at most three digits of any script make. */
export function numberOf(digits: string): number | undefined {
  const plain = digits.replace(/\p{Nd}/gu, (digit) => String(digitOf(digit)))
  return /^\d{1,3}$/.test(plain) ? Number(plain) : undefined
}

/** Digits stand in tens, one script after another. */
function digitOf(digit: string): number {
  const code = digit.codePointAt(0) as number
  const zero = DIGIT_ZEROS.find((start) => code >= start && code < start + 10)
  return zero === undefined ? Number.NaN : code - zero
}

/** ASCII, Arabic, Persian, Devanagari, full width. */
const DIGIT_ZEROS = [0x30, 0x660, 0x6f0, 0x966, 0xff10]

function keyOf(words: string): string {
  return foldedPhrase(words).replaceAll(' ', '')
}

function madeKnown(): Known {
  const { phrases, distances, weekdays, stepWords, unitNames } = timeWords()
  const numbers = new Map(
    Object.values(NUMBER_WORDS).flatMap((row) =>
      row
        .split(' ')
        .flatMap((forms, at) => forms.split('/').map((form) => [foldedPhrase(form), at + 1] as [string, number])),
    ),
  )
  const byPhrase = new Map<string, Meaning>()
  // Of two languages with the same word the first is the one that more people write.
  for (const { phrase, ...meaning } of phrases)
    if (!byPhrase.has(keyOf(phrase))) byPhrase.set(keyOf(phrase), { ...meaning, isDistance: false })
  const byDistance = new Map<string, Meaning>()
  for (const { before, after, language, unit, side } of distances) {
    byDistance.set(keyOf(`${before}#${after}`), { language, unit, steps: [side], isDistance: true })
    // "Год назад", "tydzień temu": one need not be said.
    if (before === '' && !UNSPACED.test(after) && !byPhrase.has(keyOf(after)))
      byPhrase.set(keyOf(after), { language, unit, steps: [side], isDistance: true })
  }
  const bare = distances.filter(({ before, after }) => before === '' && !UNSPACED.test(after)).map(({ after }) => after)
  const formsOfDays = [
    ...lastCharacters(weekdays),
    ...weekdays.flatMap((one) => {
      const { name, ...day } = one
      return [...new Set([name, stemOf(one) ?? name])].map((form): [string, Weekday] => [form, day])
    }),
  ]
  const byWeekday = new Map(
    [...Map.groupBy(formsOfDays, ([form]) => form)].map(([form, days]) => [form, days.map(([, day]) => day)]),
  )
  const spaced = weekdays.filter(({ name }) => !UNSPACED.test(name))
  const stems = spaced.flatMap((one) => stemOf(one) ?? [])
  const steps = oneOf(stepWords.map(({ stem }) => `${escaped(stem)}${LETTER}{0,4}`))
  const units = oneOf(unitNames.map(({ stem }) => escaped(stem)))
  const weeks = oneOf(phrases.filter(({ unit }) => unit === 'week').map(({ phrase }) => patternOf(phrase)))
  return {
    byPhrase,
    byDistance,
    byWeekday,
    anchors: new Set(
      [
        ...phrases.map(({ phrase }) => phrase),
        ...distances.map(({ before, after }) => `${before} ${after}`),
        ...weekdays.map((one) => stemOf(one) ?? one.name),
        ...stepWords.map(({ stem }) => stem),
      ].map(anchorOf),
    ),
    numbers,
    patterns: {
      fixed: pattern([...phrases.map(({ phrase }) => phrase), ...bare.map((after) => after.trim())].map(patternOf)),
      distance: pattern(
        [...Map.groupBy(distances, ({ language }) => language)].map(([language, all]) =>
          distancePattern(language, all),
        ),
      ),
      unit: new RegExp(
        `(?<!${LETTER})(?:(?<step>${steps})\\s(?<name>${units})${LETTER}{0,3}|(?<name>${units})${LETTER}{0,3}\\s(?<step>${steps}))(?!${LETTER})`,
        'gu',
      ),
      weekday: new RegExp(
        `(?:(?<!${LETTER})(?:(?<before>${steps})\\s)?(?:(?<name>${oneOf(spaced.map(({ name }) => escaped(name)))})${LETTER}{0,3}|(?<name>${oneOf(stems)})${LETTER}{1,2})(?!${LETTER})(?:\\s(?<after>${steps})(?!${LETTER}))?|(?<before>${weeks})(?<name>${oneOf(lastCharacters(weekdays).map(([last]) => last))})|(?:(?<before>${weeks})[の的]?\\s?)?(?<name>${oneOf(denseNames(weekdays))}))`,
        'gu',
      ),
    },
  }
}

type Names = readonly { readonly name: string }[]

/** Chinese says the week and the last character of the day: 上周五. */
function lastCharacters(names: readonly WeekdayName[]): [string, Weekday][] {
  return names.filter(({ language }) => language === 'zh').map(({ name, ...day }) => [name.slice(-1), day])
}

/** Languages that decline the names of days: "в среду". */
const DECLINES = new Set(['ru', 'uk', 'pl', 'cs'])

function stemOf({ name, language }: WeekdayName): string | undefined {
  return DECLINES.has(language) && /[аяеьao]$/.test(name) ? name.slice(0, -1) : undefined
}

function denseNames(names: Names): string[] {
  return names.flatMap(({ name }) => (UNSPACED.test(name) ? [escaped(name)] : []))
}

/** Phrases, the longer ones first, as whole words where their script has spaces. */
function pattern(pieces: readonly string[]): RegExp {
  const [spaced, dense] = [
    pieces.filter((piece) => !UNSPACED.test(piece)),
    pieces.filter((piece) => UNSPACED.test(piece)),
  ]
  return new RegExp(
    `(?<!${LETTER})(?:${oneOf(spaced)})(?:(?!${LETTER})|(?=[dt][ae]n (?:beri|itibaren)))|${oneOf(dense)}`,
    'gu',
  )
}

/** Of one language; which beginning goes with which end is looked up afterwards. */
function distancePattern(language: string, distances: readonly Distance[]): string {
  const words = (NUMBER_WORDS[language] ?? '').split(/[ /]/).filter((word) => word !== '-' && word !== '')
  const count = `(?<count>\\p{Nd}{1,3}|${oneOf(words.map((word) => patternOf(foldedPhrase(word))))})`
  const [before, after] = [distances.map((one) => one.before), distances.map((one) => one.after)]
  // In scripts without spaces somebody writes one behind the number, whatever the tables do.
  const space = UNSPACED.test(after.join('')) ? '\\s?' : ''
  return `${oneOf(before.map(patternOf))}${count}${space}${oneOf(after.map(patternOf))}`
}

function patternOf(phrase: string): string {
  return escaped(phrase)
    .replace(/(\p{Script=Arabic})/gu, '$1[\\u064b-\\u0652]{0,2}')
    .replaceAll("'", "['’ʼ]")
    .replace(/\s+/g, UNSPACED.test(phrase) ? '\\s?' : '\\s')
}

function oneOf(pieces: readonly string[]): string {
  const all = [...new Set(pieces)].sort((a, b) => b.length - a.length)
  return all.length === 0 ? '(?!)' : `(?:${all.join('|')})`
}

function escaped(phrase: string): string {
  return phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
