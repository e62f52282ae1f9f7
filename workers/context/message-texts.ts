import { excerptOf } from '../../shared/context/excerpt.ts'
import { formatMessageId } from '../../shared/context/message-ids.ts'
import { type ShownMessage, showMessages } from '../../shared/context/shown-messages.ts'
import { type Quote, quoteLine } from '../../shared/context/summary.ts'
import { type ConversationMessage, callsOf, textOf } from '../../shared/conversation.ts'
import { describePart } from '../../shared/formats/describe-part.ts'
import { withoutSecrets } from '../../shared/redact/redact-secrets.ts'
import type { FoldPlan } from './plan-compaction.ts'
import { quoteWorth } from './quote-worth.ts'
import type { MessageText } from './summary-input.ts'

/** How messages read to whoever summarises them, and which of them may be quoted whole. Guarantees: no secret is in a text or quote. */

/** A longer message is given with its head and its tail only: this share of one call's input each. */
const MAX_MESSAGE_SHARE = 0.12
const MIN_MESSAGE_CHARS = 200
const CHARS_PER_TOKEN = 3
const MAX_ARGUMENT_CHARS = 600

/** What was quoted before and the messages of a plan but for the pinned ones, numbered; and the quotes by those numbers. */
export function textsOf(
  { messages, pins, showing }: FoldPlan,
  before: readonly Quote[],
  inputTokens: number,
): { texts: MessageText[]; quotes: Map<number, Quote> } {
  const pinned = new Set(pins.map(({ place }) => formatMessageId(place)))
  const keptChars = Math.max(MIN_MESSAGE_CHARS, Math.floor(inputTokens * MAX_MESSAGE_SHARE * CHARS_PER_TOKEN))
  const quotes = new Map<number, Quote>(before.entries())
  const texts = before.map(
    ({ speaker, text, tokens, worth = 1 }, message): MessageText => ({
      message,
      role: 'user',
      speaker,
      text,
      tokens,
      worth,
      isWhole: true,
      isQuote: true,
    }),
  )
  // Before they are cut: half a secret is still one.
  const clean = messages.map((source) => ({ ...source, message: withoutSecrets(source.message) }))
  let last: ConversationMessage | undefined
  for (const shown of showMessages(clean, showing)) {
    const { source } = shown
    const worth = quoteWorth(source.message, last)
    last = source.message
    if (pinned.has(formatMessageId(source.place))) continue
    const { role, name = role } = source.message
    const words = textOf(source.message)
    const tokens = showing.counter.text(`${quoteLine({ speaker: name, text: words })}\n`)
    const isWhole = isQuotable(source.message)
    if (isWhole) quotes.set(texts.length, { place: source.place, speaker: name, text: words, tokens, worth })
    const text = excerptOf(readable(shown), keptChars, source.place)
    texts.push({ message: texts.length, role, speaker: name, text, tokens, worth, isWhole })
  }
  return { texts, quotes }
}

/** Somebody's words, and nothing else. */
function isQuotable(message: ConversationMessage): boolean {
  const { role, content, tool_calls } = message
  if ((role !== 'user' && role !== 'assistant') || tool_calls || textOf(message).trim() === '') return false
  // Thoughts, beside the words in many APIs, are no words of anybody.
  return !Array.isArray(content) || content.every((part) => part.type === 'text' || describePart(part) === '')
}

/** A message as one text: its words, its images by address, its calls. */
function readable({ message, source }: ShownMessage): string {
  const images = Array.isArray(source.message.content)
    ? source.message.content.flatMap((part) =>
        part.type === 'image_url' && !part.image_url.url.startsWith('data:') ? [`[image ${part.image_url.url}]`] : [],
      )
    : []
  const calls = callsOf(message).map(
    ({ name, input }) => `[calls ${name}(${input.slice(0, MAX_ARGUMENT_CHARS).toWellFormed()})]`,
  )
  return [textOf(message), ...images, ...calls].filter((text) => text !== '').join('\n')
}
