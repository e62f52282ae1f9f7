/** Calendar days as numbers, and where they begin in a time zone. Days, months and years are counted as on a wall calendar. Pure. */

const DAY_MS = 86_400_000

/** A day by its number: 0 is 1 January 1970; a month may be 12 or -1, a day 0 or 32, as in `Date.UTC`. */
export function civilDay(year: number, month: number, day: number): number {
  return Date.UTC(year, month, day) / DAY_MS
}

export function yearOf(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear()
}

/** 0 is January. */
export function monthOf(day: number): number {
  return new Date(day * DAY_MS).getUTCMonth()
}

/** 0 is Sunday. */
export function weekdayOf(day: number): number {
  return new Date(day * DAY_MS).getUTCDay()
}

/** The day that it is in a zone at a moment. */
export function dayAt(moment: Date, timeZone: string): number {
  return Math.floor((moment.getTime() + offsetMs(moment.getTime(), timeZone)) / DAY_MS)
}

/** The moment at which a day begins in a zone. */
export function startOfCivilDay(day: number, timeZone: string): Date {
  const wallMs = day * DAY_MS
  // The offset that holds then is known once the moment is; where clocks change that night, the second guess settles it.
  const guessMs = wallMs - offsetMs(wallMs, timeZone)
  return new Date(wallMs - offsetMs(guessMs, timeZone))
}

const formats = new Map<string, Intl.DateTimeFormat>()
/** An app has few zones; more than this are somebody's input. */
const MAX_FORMATS = 64

/** How far the clocks of a zone are ahead of UTC. */
function offsetMs(ms: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0
  let format = formats.get(timeZone)
  if (!format) {
    if (formats.size >= MAX_FORMATS) formats.clear()
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(timeZone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1_000) * 1_000
}
