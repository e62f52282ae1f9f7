import type { MessagePlace } from '../../store/conversations/workstream-context.ts'
import { excerptOf } from '../excerpt.ts'

/** Owns what stands for large arguments of calls. */

/** Of the head and the tail of a long text in arguments that are shortened. */
const KEPT_CHARS = 200
const MAX_LEVELS = 16

/** The arguments with the middle of each long text left out. They stay a JSON object; the whole has the id of its message. */
export function shortenArguments(given: string, place: MessagePlace): string {
  const shorten = (value: unknown, levels: number): unknown => {
    if (typeof value === 'string') return excerptOf(value, KEPT_CHARS, place)
    if (typeof value !== 'object' || value === null) return value
    if (levels === 0) return shorten(JSON.stringify(value), 0)
    if (Array.isArray(value)) return value.map((item) => shorten(item, levels - 1))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shorten(item, levels - 1)]))
  }
  const short = JSON.stringify(shorten(parsed(given), MAX_LEVELS))
  // Many short texts are as long as a long one.
  const isShort = short.length <= MAX_SHORTENED_CHARS
  return isShort ? short : JSON.stringify({ left_out: excerptOf(given, KEPT_CHARS, place) })
}
const MAX_SHORTENED_CHARS = 2_000

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
