/** Times as clocks on the wall show them in an IANA time zone. Pure, but for a small store of formats. */

export const DEFAULT_TIME_ZONE = 'UTC'

const formats = new Map<string, Intl.DateTimeFormat>()
/** An app has few zones; more than this are somebody's input. */
const MAX_FORMATS = 64

/** Whether the name is that of a time zone which this machine knows, as `Europe/Lisbon`. */
export function isTimeZone(name: string): boolean {
  // A format takes 30 ms of a process that starts, and most need none.
  if (name === DEFAULT_TIME_ZONE) return true
  try {
    return formatFor(name) !== undefined
  } catch {
    return false
  }
}

/** A date whose UTC fields are what clocks in the zone show at that moment: to reckon days with, not a moment itself. */
export function wallClock(moment: Date, timeZone: string): Date {
  if (timeZone === DEFAULT_TIME_ZONE || Number.isNaN(moment.getTime())) return moment
  const parts = formatFor(timeZone).formatToParts(moment)
  const field = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
  const wall = new Date(0)
  // `Date.UTC` would take the year 99 for 1999.
  wall.setUTCFullYear(field('year'), field('month') - 1, field('day'))
  wall.setUTCHours(field('hour'), field('minute'), field('second'))
  return wall
}

/** The moment at which a day, as `2026-03-01`, begins in a zone. */
export function startOfDay(day: string, timeZone: string): Date {
  const wall = new Date(`${day}T00:00:00Z`)
  const offsetMs = (moment: Date) => wallClock(moment, timeZone).getTime() - moment.getTime()
  const guess = new Date(wall.getTime() - offsetMs(wall))
  // Where clocks change that night, the second guess has the right offset.
  return new Date(wall.getTime() - offsetMs(guess))
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const numeric = 'numeric'
  const fields = {
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  } as const
  const format = new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'iso8601', hourCycle: 'h23', ...fields })
  if (formats.size >= MAX_FORMATS) formats.clear()
  formats.set(timeZone, format)
  return format
}
