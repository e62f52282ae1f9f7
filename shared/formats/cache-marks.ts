import { type ForeignFields, isFields } from './origin.ts'

/**
 * Owns marks for a provider's prompt cache, `cache_control`. Anthropic's API, and who passes them on to it, refuses a request with more than four, and
 * an app that marks the newest message of each turn records more of them. The oldest, of what never changes, and the newest are kept.
 */

const MAX_MARKS = 4
/** One of the four is left for the tools, which are not here. */
const NEWEST_KEPT = 2

/** The messages with no more marks than an API takes; those that have few are the same. */
export function limitCacheMarks<T extends object>(messages: readonly T[]): T[] {
  const marks = messages.reduce((sum, message) => sum + countMarks(message), 0)
  if (marks <= MAX_MARKS) return [...messages]
  let seen = 0
  const isKept = () => seen++ === 0 || seen > marks - NEWEST_KEPT
  return messages.map((message) => withMarks(message, isKept))
}

/** Marks stand on a message, on the parts of its content, and on the parts of a result in it. */
function countMarks(value: object): number {
  const { cache_control: mark, content } = value as ForeignFields
  const inner = Array.isArray(content) ? content.filter(isFields).reduce((sum, part) => sum + countMarks(part), 0) : 0
  return inner + (isMark(mark) ? 1 : 0)
}

function withMarks<T extends object>(value: T, isKept: () => boolean): T {
  const { cache_control: mark, ...rest } = value as T & ForeignFields
  const { content } = rest as ForeignFields
  const inner = Array.isArray(content) && {
    content: content.map((part) => (isFields(part) ? withMarks(part, isKept) : part)),
  }
  return { ...rest, ...inner, ...(isMark(mark) && isKept() && { cache_control: mark }) } as T
}

function isMark(mark: unknown): boolean {
  return mark !== undefined && mark !== null
}
