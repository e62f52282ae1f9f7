import { setImmediate } from 'node:timers/promises'
import { redactSecrets } from '../../redact/redact-secrets.ts'
import { withoutInjected } from '../injected-blocks.ts'

/**
 * How a turn reads as text: what is asked about, embedded, indexed, quoted and shown in a search.
 * Guarantees: no secret is in it, and in a turn's text no memory block that a host put in. The rows of a turn keep what the app recorded.
 */

type Message = { readonly role: string; readonly name?: string | null | undefined; readonly content: string }

/** Roles whose words are somebody's; system prompts and tool output are not remembered. */
export const SPOKEN_ROLES: readonly string[] = ['user', 'assistant']

/** Some milliseconds of reading. */
const CHARS_AT_ONCE = 20_000
/** The text of a message without secrets, by the message: long ones take long to read, and each turn is read for several purposes. */
const redacted = new WeakMap<Message, { readonly of: string; readonly text: string }>()

/** The spoken messages of a turn, without secrets: those with words, so not an image alone, nor a call of a tool. */
export function spokenMessages<T extends Message>(messages: readonly T[]): T[] {
  return spokenOf(messages).map((message) => ({ ...message, content: redactedOnce(message) }))
}

/** Reads turns ahead of `spokenMessages`, which would hold up everything else of the process where they are long. */
export async function readSpokenAhead(turns: readonly { readonly messages: readonly Message[] }[]): Promise<void> {
  let chars = 0
  for (const message of turns.flatMap(({ messages }) => spokenOf(messages))) {
    chars += message.content.length
    if (chars > CHARS_AT_ONCE) {
      await setImmediate()
      chars = message.content.length
    }
    redactedOnce(message)
  }
}

function spokenOf<T extends Message>(messages: readonly T[]): T[] {
  return messages.filter(({ role, content }) => SPOKEN_ROLES.includes(role) && content.trim() !== '')
}

function redactedOnce(message: Message): string {
  const known = redacted.get(message)
  if (known?.of === message.content) return known.text
  const { text } = redactSecrets(message.content)
  redacted.set(message, { of: message.content, text })
  return text
}

/** A turn as one text: one line per message, each with its speaker. */
export function turnText(messages: readonly Message[]): string {
  const lines = spokenMessages(messages).flatMap((message) => {
    const said = withoutInjected(message.content, ' ').trim()
    return said === '' ? [] : [`${speakerOf(message)}: ${said === message.content.trim() ? message.content : said}`]
  })
  return lines.join('\n')
}

/** False for a turn without any text: an image alone, a call of a tool. */
export function hasTurnText(messages: readonly Message[]): boolean {
  return messages.some(
    ({ role, content }) => SPOKEN_ROLES.includes(role) && withoutInjected(content, ' ').trim() !== '',
  )
}

/** Who speaks: the name if there is one, else the role. */
export function speakerOf(message: Message): string {
  return message.name ?? message.role
}
