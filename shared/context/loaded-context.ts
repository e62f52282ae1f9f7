import { REPLY_TOKENS } from '../ai/tokens/message-tokens.ts'
import type { ConversationMessage } from '../conversation.ts'
import { type ContextState, START } from '../store/conversations/compactions.ts'
import type { StoredMessage } from '../store/conversations/conversations.ts'
import { comparePlaces, type MessagePlace } from '../store/conversations/workstream-context.ts'
import { formatMessageId, type Range, rangeId } from './message-ids.ts'
import type { RequestMessage } from './requests/request-types.ts'
import { type Showing, type ShownMessage, showMessages } from './shown-messages.ts'
import type { ShownPins } from './shown-pins.ts'
import type { SummaryMessage } from './summary-message.ts'

/** Owns the form in which a context is handed over, and that every recorded message is in exactly one of its parts. */

/**
 * One part of a context. `raw` is a message as it was recorded, `offloaded` a tool output and `excerpt` a message of which the middle is left out,
 * `summary` what stands for the oldest messages, `omitted` what has no room.
 */
export type ContextPart = {
  readonly kind: ShownMessage['kind'] | 'summary' | 'omitted'
  /** The index of its message; null for what is left out without a word. */
  readonly message: number | null
  /** For `expand`. */
  readonly id: string
  /** How many messages it stands for; pinned ones that lie between them are parts of their own. */
  readonly messages: number
  readonly tokens: number
  /** The turn of the one message that it is. */
  readonly turnId?: string
}

export type LoadedContext = {
  /** Ready for the chat API of OpenAI and of servers like it. */
  readonly messages: RequestMessage[]
  /** What the messages stand for: every recorded message is in one part. */
  readonly parts: readonly ContextPart[]
  /** What the messages take. */
  readonly tokens: number
  /** What the definitions of tools take beside them. */
  readonly toolTokens: number
  /** What they would take with nothing left out for want of room. */
  readonly liveTokens: number
  /** How many messages were recorded. */
  readonly totalMessages: number
  /** The compaction in force. */
  readonly compaction: number | null
  /** How many rows of messages were read. */
  readonly rowsRead: number
}

type ContextPieces = {
  readonly state: ContextState
  readonly pins: readonly StoredMessage[]
  readonly shownPins: ShownPins
  /** What was read, up to the end, and the index of the first that is shown. */
  readonly messages: readonly StoredMessage[]
  readonly first: number
  readonly shown: readonly ShownMessage[]
  readonly summary: SummaryMessage | undefined
  readonly hasNote: boolean
  readonly rowsRead: number
  readonly showing: Showing
}

/** Puts the pieces together. */
export function assembleContext(pieces: ContextPieces): Omit<LoadedContext, 'toolTokens'> {
  const { state, pins, shownPins, messages, first, shown, summary, showing } = pieces
  const cut = state.compaction?.cut ?? START
  const firstPlace = placeAt(messages, first, cut)
  const heads = pins.filter(({ place }) => comparePlaces(place, firstPlace) < 0)
  const parts: ContextPart[] = []
  const out: ConversationMessage[] = []
  const behindResults: ConversationMessage[] = []
  const add = (message: ConversationMessage, part: Omit<ContextPart, 'message'>) => {
    // Nothing may stand between the results of one answer.
    if (message.role !== 'tool') out.push(...behindResults.splice(0))
    parts.push({ ...part, message: out.push(message) - 1 })
  }
  const addShown = ({ kind, source, message, after, tokens }: ShownMessage) => {
    add(message, { kind, id: formatMessageId(source.place), messages: 1, tokens, turnId: source.turnId })
    if (after) behindResults.push(after)
  }
  const asPinned = (shown: ShownMessage) => shownPins.byId.get(formatMessageId(shown.source.place)) ?? shown
  showMessages(heads, { ...showing, offload: START })
    .map(asPinned)
    .forEach(addShown)
  if (summary) add(summary.message, { kind: 'summary', ...summary.covered, tokens: summary.tokens })

  const from = summary ? cut : START
  const isInOmittedRange = ({ place }: StoredMessage) => comparePlaces(place, from) >= 0
  const omitted =
    state.totalMessages -
    (summary ? (state.compaction?.totalMessages ?? 0) : 0) -
    (messages.length - first) -
    heads.filter(isInOmittedRange).length
  if (omitted > 0) {
    const range = { from, before: firstPlace }
    const note = omissionNote(omitted, range)
    const part = { kind: 'omitted' as const, id: rangeId(range), messages: omitted }
    if (pieces.hasNote) add(note, { ...part, tokens: showing.counter.message(note) })
    else parts.push({ ...part, message: null, tokens: 0 })
  }
  shown.map(asPinned).forEach(addShown)
  out.push(...behindResults)
  return {
    // `showMessages` leaves nothing in them that the API does not take.
    messages: out as RequestMessage[],
    parts,
    tokens: REPLY_TOKENS + parts.reduce((sum, { tokens }) => sum + tokens, 0),
    liveTokens: state.liveTokens,
    totalMessages: state.totalMessages,
    compaction: state.compaction?.id ?? null,
    rowsRead: pieces.rowsRead,
  }
}

/** What says that messages are left out. */
export function omissionNote(messages: number, range: Range): ConversationMessage {
  return {
    role: 'user',
    content: `[${messages} messages are left out here for want of room; they have the id ${rangeId(range)}.]`,
  }
}

/** The place of a message, or the place after the last. */
function placeAt(messages: readonly StoredMessage[], index: number, start: MessagePlace): MessagePlace {
  const last = messages.at(-1)
  return messages[index]?.place ?? (last ? [last.place[0], last.place[1] + 1] : start)
}
