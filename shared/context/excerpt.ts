import type { MessagePlace } from '../store/conversations/workstream-context.ts'
import { formatMessageId } from './message-ids.ts'

/** The head and the tail of a long text, so many characters each, with what is left out and the id by which it is found; a short text itself. */
export function excerptOf(text: string, keptChars: number, place: MessagePlace): string {
  const leftOut = text.length - 2 * keptChars
  const note = `[… ${leftOut} of ${text.length} characters are left out here; the whole has the id ${formatMessageId(place)} …]`
  if (leftOut <= note.length) return text
  // A half of a pair at either edge goes with what is left out.
  const head = text.slice(0, keptChars).replace(/[\ud800-\udbff]$/, '')
  const tail = text.slice(text.length - keptChars).replace(/^[\udc00-\udfff]/, '')
  return `${head}\n${note}\n${tail}`
}
