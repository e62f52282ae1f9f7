import { redactSecrets } from '../../redact/redact-secrets.ts'
import { withoutInjected } from '../injected-blocks.ts'

/**
 * How a turn reads as text: what is asked about, embedded, indexed, quoted and shown in a search.
 * Guarantees: no secret is in it, and in a turn's text no memory block that a host put in. The rows of a turn keep what the app recorded.
 */

type Message = { readonly role: string; readonly name?: string | null | undefined; readonly content: string }

/** Roles whose words are somebody's; system prompts and tool output are not remembered. */
export const SPOKEN_ROLES: readonly string[] = ['user', 'assistant']

/** The spoken messages of a turn, without secrets: those with words, so not an image alone, nor a call of a tool. */
export function spokenMessages<T extends Message>(messages: readonly T[]): T[] {
  return messages
    .filter(({ role, content }) => SPOKEN_ROLES.includes(role) && content.trim() !== '')
    .map((message) => ({ ...message, content: redactSecrets(message.content).text }))
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
