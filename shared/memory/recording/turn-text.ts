import { redactSecrets } from '../../redact/redact-secrets.ts'

/**
 * How a turn reads as text: what is asked about, embedded, indexed, quoted and shown in a search.
 * Guarantees: no secret is in it. The rows of a turn keep what the app recorded; everything derived from them passes here first.
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

/** A turn as one text, a line a message, each with its speaker. */
export function turnText(messages: readonly Message[]): string {
  return spokenMessages(messages)
    .map((message) => `${speakerOf(message)}: ${message.content}`)
    .join('\n')
}

/** Who speaks: the name if there is one, else the role. */
export function speakerOf(message: Message): string {
  return message.name ?? message.role
}
