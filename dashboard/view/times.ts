import { type Html, html } from '../html.ts'
import { formatAge } from './texts.ts'

/** Owns how times are shown: in UTC, as every page says, with the whole time in `datetime`. */

/** Renders a time to the minute. */
export function timeElement(at: Date): Html {
  const time = at.toISOString()
  return html`<time datetime="${time}">${time.slice(0, 16).replace('T', ' ')}</time>`
}

/** Renders a time to the second, with its age. */
export function timeWithAge(at: Date | null, now: Date): Html {
  if (at === null) return html`–`
  const time = at.toISOString()
  const ageMs = now.getTime() - at.getTime()
  const distance = formatAge(Math.abs(ageMs))
  // What was read for a page may be younger than the page's own time.
  const age = distance === formatAge(0) ? 'now' : ageMs > 0 ? `${distance} ago` : `in ${distance}`
  return html`<time datetime="${time}">${time.slice(0, 19).replace('T', ' ')}</time> <span class="quiet brief">${age}</span>`
}
