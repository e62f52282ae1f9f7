import { type NamedTime, namedTimesIn } from '../../../../shared/memory/times/named-times.ts'
import { isWholeWord } from '../whole-words.ts'

/**
 * Reads the times beside now of languages other than English in a fact: which of them are words of the sentence, and how far from its day they are.
 * A weekday alone may be the last or the coming one, and "कल" yesterday or tomorrow: what has two readings has no day.
 */

/** "Tomorrow" is the morning too where an article or its like stands before it. */
const MORNINGS: Readonly<Record<string, RegExp>> = {
  mañana: /(?<!\p{L})(?:la|esta|cada|una|buena|toda|las|media)\s$/iu,
  morgen: /(?<!\p{L})(?:de|deze|die|elke|iedere|goede|goeie|am|jeden|diesen|guten|heute|gestern)\s$/iu,
}
/** What is so each week has no day of its own. */
const EACH =
  /(?<!\p{L})(?:jeden|immer|chaque|tous les|le|cada|todos los|los|toda|todas as|aos?|às|ogni|di|elke|iedere|op|każd\p{L}{1,4}|кажд\p{L}{1,4}|по|her|varje|každ\p{L}{1,3}|كل|हर)\s$|[每毎]|(?:毎週|매주)\s?$/iu
const ON_DAY = /(?<!\p{L})(?:am|diesen|bis|ab|seit|vom|zum|von|kommenden)\s$/iu
/** "In three days" is how long something takes as well. */
const DISTANCE_OR_LENGTH = new Set(['de', 'pt', 'tr', 'ar', 'hi', 'vi', 'id', 'no', 'da'])
/** "Next Friday" is the coming one; elsewhere some mean that of the next week. */
const NEXT_IS_COMING = new Set(['fr', 'es', 'it', 'pt', 'ar'])
/** Where the week itself is named: 上周五. */
const WEEK_BOUND = new Set(['zh', 'ja', 'ko'])

/** Other words for a time around, which nothing here resolves. */
const ALSO_VAGUE =
  /(?<![\p{L}\p{M}])(?:kommende[nrs]?|komende|afgelopen|ostatni\p{L}{1,3}|następn\p{L}{1,4}|önümüzdeki) \p{L}+|(?<![\p{L}\p{M}])que vien\p{L}{1,3}(?!\p{L})/iu

/** The times that are words of the sentence, in order. */
export function localTimesIn(sentence: string): NamedTime[] {
  return namedTimesIn(sentence).filter(({ start, end, ...time }) => {
    const before = sentence.slice(0, start)
    // A noun, with a capital in German as a surname has.
    if (time.unit === 'weekday' && time.language === 'de') return time.steps.length > 0 || ON_DAY.test(before)
    const isMorning = MORNINGS[sentence.slice(start, end).toLowerCase()]?.test(before) === true
    const isHabit = time.unit === 'weekday' && time.steps.length === 0 && EACH.test(before)
    return !isMorning && !isHabit && isWholeWord(sentence, start, end)
  })
}

/** Whether the sentence names a time that means another on another day. */
export function hasLocalTime(sentence: string): boolean {
  return ALSO_VAGUE.test(sentence) || localTimesIn(sentence).length > 0
}

/** What a time means: so many days, months or years from now; undefined where it has two readings, or is a week. */
type Meant = { readonly unit: 'day' | 'month' | 'year'; readonly step: number }

/** `today` is the day of the week on which it was said, 0 being Sunday. `isToCome`: a weekday alone is the coming one. */
export function meantBy(time: NamedTime, today: number, isToCome: boolean): Meant | undefined {
  const [step, ...others] = time.steps
  if (step === undefined && time.weekday !== undefined && isToCome) return comingDay(time.weekday, today)
  if (step === undefined || others.length > 0) return undefined
  if (time.isDistance && step > 0 && DISTANCE_OR_LENGTH.has(time.language)) return undefined
  switch (time.unit) {
    case 'weekday':
      return dayMeant(daysToWeekday(time, step, today))
    case 'week':
      return time.isDistance ? { unit: 'day', step: step * 7 } : undefined
    default:
      return { unit: time.unit, step }
  }
}

/** On that day itself it may be today. */
function comingDay(weekday: number, today: number): Meant | undefined {
  return weekday === today ? undefined : { unit: 'day', step: (weekday - today + 7) % 7 }
}

function dayMeant(step: number | undefined): Meant | undefined {
  return step === undefined ? undefined : { unit: 'day', step }
}

/** Weeks begin on Monday. */
function daysToWeekday({ weekday = 0, language }: NamedTime, step: number, today: number): number | undefined {
  const ofWeek = (day: number) => (day + 6) % 7
  const inWeek = ofWeek(weekday) - ofWeek(today) + 7 * step
  if (WEEK_BOUND.has(language)) return inWeek
  const ahead = (weekday - today + 7) % 7 || 7
  if (step < 0) return ahead - 7 || -7
  return NEXT_IS_COMING.has(language) || ahead === inWeek ? ahead : undefined
}
