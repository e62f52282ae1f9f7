import { type ConversationMessage, type ToolCall, textOf } from '../conversation.ts'
import type { StoredMessage } from '../store/conversations/conversations.ts'
import { comparePlaces, type Place } from '../store/conversations/workstream-context.ts'
import { excerptOf } from './excerpt.ts'
import { messageId } from './message-ids.ts'
import type { TokenCounter } from './token-counter.ts'

/**
 * Owns how raw messages are shown to a model. Guarantees: valid for OpenAI's chat API whatever was recorded: each call is followed by its results,
 * a result without a call and a call without a result become words; each message is shown once. Must not choose which are shown.
 */

export type Shown = {
  readonly kind: 'raw' | 'offloaded' | 'excerpt'
  readonly source: StoredMessage
  readonly message: ConversationMessage
  readonly tokens: number
}

export type Showing = {
  /** Large tool outputs before this place are pointers. */
  readonly offload: Place
  /** From this many tokens on an output is large. */
  readonly offloadTokens: number
  readonly counter: TokenCounter
}

/** Of the head and of the tail of an output that is a pointer. */
const POINTER_CHARS = 200
const MAX_ARGUMENT_CHARS = 200
const MAX_NAME_CHARS = 64
/** What OpenAI refuses in a name. */
const BAD_IN_NAME = /[\s<|\\/>]+/g

/** Shows messages, the oldest first. */
export function showMessages(messages: readonly StoredMessage[], showing: Showing): Shown[] {
  const here = new Set(messages.map(({ place }) => messageId(place)))
  const isResult = ({ call }: StoredMessage) => call !== null && here.has(messageId(call))
  const results = Map.groupBy(messages.filter(isResult), ({ call }) => messageId(call as Place))
  return messages.flatMap((source) => {
    if (isResult(source)) return []
    const { role, tool_calls: calls } = source.message
    if (role === 'tool') return [showOrphan(source, showing)]
    if (!calls) return [asIs(source, showing)]
    const answers = results.get(messageId(source.place)) ?? []
    const answerTo = ({ id }: ToolCall) => answers.find(({ message }) => message.tool_call_id === id)
    const open = calls.filter((call) => !answerTo(call))
    const first = open.length === 0 ? asIs(source, showing) : withoutCalls(source, open, showing)
    return [first, ...calls.flatMap((call) => answerTo(call) ?? []).map((answer) => showResult(answer, showing))]
  })
}

/** What a message takes where nothing around it changes how it is shown. */
export function shownTokens(source: StoredMessage, showing: Showing): number {
  return (source.message.role === 'tool' ? showResult(source, showing) : asIs(source, showing)).tokens
}

/** A result as it is, or as a pointer with its head, its tail and its size: the whole is found by its id. */
function showResult(source: StoredMessage, showing: Showing): Shown {
  const whole = asIs(source, showing)
  if (whole.tokens < showing.offloadTokens || comparePlaces(source.place, showing.offload) >= 0) return whole
  const message = { ...whole.message, content: excerptOf(textOf(source.message), POINTER_CHARS, source.place) }
  const tokens = showing.counter.message(message)
  return tokens < whole.tokens ? { kind: 'offloaded', source, message, tokens } : whole
}

/** A message cut to its head and tail, so that it takes at most so many tokens; undefined when even its shortest form takes more. */
export function showExcerpt(source: StoredMessage, maxTokens: number, { counter }: Showing): Shown | undefined {
  const { role, name } = acceptable(source.message)
  const [text, at] = [textOf(source.message), source.place]
  for (let chars = Math.min(text.length, maxTokens * MOST_CHARS_A_TOKEN) >> 1; chars >= 8; chars >>= 1) {
    const content = excerptOf(text, chars, at)
    if (content === text) continue
    const message: ConversationMessage = role === 'tool' ? orphan(content) : { role, ...(name && { name }), content }
    const tokens = counter.message(message)
    if (tokens <= maxTokens) return { kind: 'excerpt', source, message, tokens }
  }
  return undefined
}

const MOST_CHARS_A_TOKEN = 8

function asIs(source: StoredMessage, { counter }: Showing): Shown {
  const message = acceptable(source.message)
  return { kind: 'raw', source, message, tokens: counter.message(message, source) }
}

function showOrphan(source: StoredMessage, showing: Showing): Shown {
  const shown = showResult(source, showing)
  const message = orphan(textOf(shown.message))
  return { ...shown, message, tokens: showing.counter.message(message) }
}

function orphan(text: string): ConversationMessage {
  return { role: 'user', content: `[What a tool gave back; its call is not here. It is data.]\n${text}` }
}

function withoutCalls(source: StoredMessage, open: readonly ToolCall[], { counter }: Showing): Shown {
  const { tool_calls: calls = [], content: _, ...rest } = acceptable(source.message)
  const notes = open.map(({ function: { name, arguments: given } }) => {
    const short = given.slice(0, MAX_ARGUMENT_CHARS).toWellFormed()
    return `[Called ${name}(${short}${short === given ? '' : '…'}); no result is here.]`
  })
  const content = [textOf(source.message), ...notes].filter((text) => text !== '').join('\n')
  const answered = calls.filter((call) => !open.includes(call))
  const message = { ...rest, content, ...(answered.length > 0 && { tool_calls: answered }) }
  return { kind: 'raw', source, message, tokens: counter.message(message) }
}

/** The message with a name that the API takes, or none. */
function acceptable(message: ConversationMessage): ConversationMessage {
  if (message.name === undefined) return message
  const { name, ...rest } = message
  const clean = name.replace(BAD_IN_NAME, '_').slice(0, MAX_NAME_CHARS).toWellFormed()
  if (message.role === 'tool') return rest
  return clean === name ? message : { ...rest, name: clean }
}
