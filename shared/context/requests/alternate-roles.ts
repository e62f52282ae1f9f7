import { createHash } from 'node:crypto'
import { type ContentPart, type ConversationMessage, isSystem, type ToolCall, textOf } from '../../conversation.ts'

/**
 * Owns the form of a conversation for APIs and chat templates that take one system message and then the user and the assistant in turns. Guarantees:
 * nothing that was said is left out; calls and results stay paired, under ids that these APIs take; the same again for the same messages.
 */

/** `anthropic`: results are a user's. `strict-alternation`: the templates of Mistral, Gemma and others. */
export type AlternatingTarget = 'anthropic' | 'strict-alternation'

type Alternating = {
  readonly messages: readonly ConversationMessage[]
  /** For each message that was given, the index of the one in which it is now. */
  readonly indexOf: readonly number[]
}

/** What says that nothing is said, where a template wants somebody to speak. */
const FILLERS = { user: '[The conversation goes on.]', assistant: '[Noted.]' } as const
const SYSTEM_NOTE = '[A message of the system; it holds.]'
const ANTHROPIC_ID = /^[\w-]{1,64}$/
/** What Mistral takes. */
const STRICT_ID = /^[A-Za-z\d]{9}$/
const STRICT_ID_CHARS = 9

/** Merges neighbours of one role, and fills in where two roles do not follow each other. */
export function alternateRoles(given: readonly ConversationMessage[], target: AlternatingTarget): Alternating {
  const messages: ConversationMessage[] = []
  const indexOf: number[] = []
  const renamed = renameCalls(given, target)
  for (const message of renamed) {
    const previous = messages.at(-1)
    const turn = asTurn(message, !previous || isSystem(previous))
    const merged = previous && merge(previous, turn)
    if (merged) messages[messages.length - 1] = merged
    else {
      const filler = fillerBefore(turn, previous, target)
      if (filler) messages.push({ role: filler, content: FILLERS[filler] })
      messages.push(turn)
    }
    indexOf.push(messages.length - 1)
  }
  return { messages, indexOf }
}

/** A message of the system is one at the beginning only; later it is told in a user's place. */
function asTurn(message: ConversationMessage, isAtBeginning: boolean): ConversationMessage {
  if (!isSystem(message)) return message
  if (isAtBeginning) return { role: 'system', content: textOf(message) }
  return { role: 'user', content: `${SYSTEM_NOTE}\n${textOf(message)}` }
}

function merge(previous: ConversationMessage, next: ConversationMessage): ConversationMessage | undefined {
  if (previous.role !== next.role || previous.role === 'tool' || previous.tool_calls) return undefined
  const hasOneName = previous.name === next.name
  const { name: _, ...rest } = previous
  return {
    ...rest,
    ...(hasOneName && previous.name !== undefined && { name: previous.name }),
    ...otherFields(next),
    content: joined(named(previous, hasOneName), named(next, hasOneName)),
  }
}

/** What the second of two merged messages has beside its words: calls, and what their maker wants back. */
function otherFields({ role: _, name: __, content: ___, ...others }: ConversationMessage): object {
  return others
}

/** The content, with its speaker in front where two speakers share a message. */
function named(message: ConversationMessage, hasOneName: boolean): ConversationMessage['content'] {
  const { name, content } = message
  if (hasOneName || name === undefined) return content
  return typeof content === 'string' ? `${name}: ${content}` : joined(`${name}:`, content)
}

function joined(a: ConversationMessage['content'], b: ConversationMessage['content']): ConversationMessage['content'] {
  if (a === null || a === undefined || a === '') return b
  if (b === null || b === undefined || b === '') return a
  if (typeof a === 'string' && typeof b === 'string') return `${a}\n\n${b}`
  return [...partsOfContent(a), ...partsOfContent(b)]
}

function partsOfContent(content: string | readonly ContentPart[]): readonly ContentPart[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

function fillerBefore(
  { role }: ConversationMessage,
  previous: ConversationMessage | undefined,
  target: AlternatingTarget,
): 'user' | 'assistant' | undefined {
  if (role === 'assistant' && (!previous || isSystem(previous))) return 'user'
  return role === 'user' && previous?.role === 'tool' && target === 'strict-alternation' ? 'assistant' : undefined
}

/** Calls and results under ids that the target takes, each used once; calls of custom tools as calls of functions. */
function renameCalls(given: readonly ConversationMessage[], target: AlternatingTarget): ConversationMessage[] {
  const used = new Set<string>()
  let names = new Map<string, string>()
  return given.map((message, index) => {
    if (message.role === 'tool' && message.tool_call_id !== undefined)
      return { ...message, tool_call_id: names.get(message.tool_call_id) ?? message.tool_call_id }
    if (!message.tool_calls) return message
    names = new Map(message.tool_calls.map(({ id }, nth) => [id, takenId(id, `${index}.${nth}`, target, used)]))
    return {
      ...message,
      tool_calls: message.tool_calls.map((call) => asFunction({ ...call, id: names.get(call.id) as string })),
    }
  })
}

function takenId(id: string, place: string, target: AlternatingTarget, used: Set<string>): string {
  const isGood = (target === 'anthropic' ? ANTHROPIC_ID : STRICT_ID).test(id) && !used.has(id)
  const own = isGood ? id : hashed(used.has(id) ? `${id} ${place}` : id)
  used.add(id).add(own)
  return own
}

function hashed(text: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`).toString(36)
  return digits.slice(0, STRICT_ID_CHARS).padStart(STRICT_ID_CHARS, '0')
}

function asFunction(call: ToolCall): ToolCall {
  if (call.type !== 'custom') return call
  const { id, custom } = call
  return { id, type: 'function', function: { name: custom.name, arguments: JSON.stringify({ input: custom.input }) } }
}
