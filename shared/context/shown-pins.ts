import { isSystem } from '../conversation.ts'
import type { StoredMessage } from '../store/conversations/conversations.ts'
import type { Pins } from '../store/conversations/system-pins.ts'
import { comparePlaces } from '../store/conversations/workstream-context.ts'
import { formatMessageId } from './message-ids.ts'
import { type Showing, type ShownMessage, showExcerpt, showMessages } from './shown-messages.ts'

/**
 * Owns how the messages that always stay are shown. Guarantees: the system prompt is whole; a first message of the user that leaves the rest no room
 * is shown by its head and tail; where even that is too much, what systems added goes, the oldest first.
 */

export type ShownPins = {
  /** By the id of their message. */
  readonly byId: ReadonlyMap<string, ShownMessage>
  readonly tokens: number
}

/** The share of the room above which the first message of the user is cut, and what it is cut to at least. */
const MAX_PIN_SHARE = 0.5
const MIN_EXCERPT_TOKENS = 80

/** Shows pinned messages for a room of this many tokens; what they take may be more than it. */
export function showPins(pins: Pins, messages: readonly StoredMessage[], room: number, showing: Showing): ShownPins {
  const shown = new Map(showMessages(messages, showing).map((one) => [formatMessageId(one.source.place), one]))
  const taken = () => [...shown.values()].reduce((sum, { tokens }) => sum + tokens, 0)
  if (taken() <= room * MAX_PIN_SHARE) return { byId: shown, tokens: taken() }
  for (const [id, { source, tokens }] of shown) {
    if (isSystem(source.message)) continue
    const left = Math.max(MIN_EXCERPT_TOKENS, Math.floor(room * MAX_PIN_SHARE) - (taken() - tokens))
    const excerpt = tokens > left ? showExcerpt(source, left, showing) : undefined
    if (excerpt) shown.set(id, excerpt)
  }
  for (const { at, isPrompt } of pins.system ?? []) {
    if (taken() <= room) break
    const isHere = messages.some(({ place }) => comparePlaces(place, at) === 0)
    if (!isPrompt && isHere) shown.delete(formatMessageId(at))
  }
  return { byId: shown, tokens: taken() }
}
